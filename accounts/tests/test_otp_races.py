"""Races of one-time passwords: no limit is exceeded by parallel requests."""

from functools import partial

import pytest

from accounts.models import OtpChallenge, RoleAssignment, Session, User
from notifications.models import SmsMessage
from tests.support.otp import PHONE, ask, redeem, texted_code, wrong
from tests.support.races import deadlocks, statuses, together

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50


@pytest.fixture(autouse=True)
def no_deadlock():
    before = deadlocks()
    yield
    assert deadlocks() == before


def test_fifty_at_once_get_one_sms():
    answers = together(*[ask] * CROWD)
    assert statuses(answers) == {200: 1, 429: CROWD - 1}
    assert SmsMessage.objects.count() == OtpChallenge.objects.count() == 1


def test_fifty_phones_at_one_address_get_twenty_sms():
    answers = together(*[partial(ask, f"+9198765400{number:02}") for number in range(CROWD)])
    assert statuses(answers) == {200: 20, 429: CROWD - 20}
    assert SmsMessage.objects.count() == 20


def test_of_fifty_wrong_attempts_five_are_checked():
    ask()
    code = texted_code()
    answers = together(*[partial(redeem, wrong(code))] * CROWD)
    assert statuses(answers) == {400: 5, 401: CROWD - 5}
    assert OtpChallenge.objects.get().attempts == 5
    assert redeem(code).status_code == 401


def test_fifty_right_codes_open_one_session_of_one_new_farmer():
    ask()
    answers = together(*[partial(redeem, texted_code())] * CROWD)
    assert statuses(answers) == {200: 1, 401: CROWD - 1}
    assert Session.objects.count() == 1
    assert User.objects.get().phone == PHONE
    assert RoleAssignment.objects.count() == 1


def test_without_limits_each_of_many_still_voids_the_one_before(settings):
    settings.OTP_SENDING_LIMITS = False
    assert statuses(together(*[ask] * 10)) == {200: 10}
    assert OtpChallenge.objects.filter(closed_at=None).count() == 1


def test_two_first_logins_of_one_phone_make_one_user(settings):
    settings.OTP_SENDING_LIMITS, settings.OTP_FIXED_CODE = False, "123456"
    ask()

    def log_in_again_and_again():
        return [(ask(), redeem("123456"))[1] for _ in range(5)]

    answers = [answer for answers in together(*[log_in_again_and_again] * 4) for answer in answers]
    assert 200 in statuses(answers)
    assert set(statuses(answers)) <= {200, 401}
    assert User.objects.count() == RoleAssignment.objects.count() == 1
