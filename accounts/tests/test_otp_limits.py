"""Limits on requests for one-time passwords, counted in the database per phone and per address."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import OtpChallenge
from notifications.models import SmsMessage
from tests.support.otp import PHONE, ask, redeem, refusal, texted_code, wrong

START = datetime(2026, 3, 1, 10, tzinfo=UTC)
TOO_MANY = (429, "Too many requests", "Too many requests")


@pytest.fixture
def clock(time_machine):
    def at(**since_start):
        time_machine.move_to(START + timedelta(**since_start), tick=False)

    at()
    return at


def test_a_second_password_has_to_wait_thirty_seconds(clock):
    ask()
    clock(seconds=10)
    response = ask()
    assert refusal(response) == TOO_MANY
    assert response.headers["Retry-After"] == "20"
    assert SmsMessage.objects.count() == 1


def test_after_the_wait_it_named_another_password_is_sent(clock):
    ask()
    clock(seconds=30)
    assert ask().status_code == 200
    assert SmsMessage.objects.count() == 2


def test_a_refusal_leaves_the_password_before_it_good(clock):
    ask()
    code = texted_code()
    clock(seconds=10)
    assert ask().status_code == 429
    assert redeem(code).status_code == 200


def test_an_hour_has_five_passwords_for_one_phone(clock):
    for minute in range(0, 50, 10):
        clock(minutes=minute)
        assert ask().status_code == 200
    clock(minutes=50)
    response = ask("098765 43217")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "600")
    clock(minutes=60)
    assert ask().status_code == 200


def test_an_hour_has_twenty_passwords_for_one_address(clock, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(20):
        clock(minutes=number)
        assert ask(f"+9198765400{number:02}", HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 200
    response = ask(PHONE, HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert (response.status_code, response.headers["Retry-After"]) == (429, str(41 * 60))
    assert ask(PHONE, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 200


def test_a_household_of_ipv6_is_one_address(clock):
    for number in range(20):
        assert ask(f"+9198765400{number:02}", REMOTE_ADDR=f"2001:db8:1:2::{number:x}").status_code == 200
    assert ask(PHONE, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert ask(PHONE, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_phones_that_get_no_sms_count_too(clock):
    assert ask("+14155552671").status_code == 200
    assert ask("+14155552671").status_code == 429


def test_ten_passwords_with_all_attempts_used_block_the_phone_for_a_day(clock):
    for number in range(10):
        clock(minutes=20 * number)
        ask()
        for _ in range(5):
            redeem(wrong(texted_code()))
    clock(minutes=220)
    assert ask().status_code == 429
    clock(days=1)
    assert ask().status_code == 200


def test_a_clock_set_back_does_not_lengthen_the_wait(clock):
    clock(hours=5)
    ask()
    clock()
    assert ask().headers["Retry-After"] == "30"


def test_passwords_are_deleted_after_a_day(clock):
    ask("+919876543221")
    clock(hours=24, seconds=1)
    ask()
    assert [challenge.phone for challenge in OtpChallenge.objects.all()] == [PHONE]


def test_the_number_of_queries_does_not_grow_with_stored_passwords(clock, django_assert_max_num_queries):
    for number in range(10):
        ask(f"+9198765400{number:02}", REMOTE_ADDR=f"203.0.113.{number}")
    with django_assert_max_num_queries(16):
        ask()
