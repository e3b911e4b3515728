"""Sign-in to the back office: password, second factor, limits on attempts."""

import logging
import re

import pytest
import time_machine
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from tests.support.staff import PASSWORD, code_of, staff, with_second_factor

HOME, LOGIN = reverse("admin:index"), reverse("admin:login")
CODE, SET_UP = reverse("admin:sign_in_code"), reverse("admin:sign_in_set_up")
OWN = reverse("admin:my_second_factor")
NOON = "2026-11-22T12:00:00Z"


@pytest.fixture
def viewer():
    return staff("+919876543288", "Charu", "viewer")


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def type_password(client, user, password=PASSWORD, **fields):
    return client.post(LOGIN, {"username": user.phone, "password": password} | fields)


def type_code(client, code, page=CODE):
    return client.post(page, {"code": code})


def is_open(client) -> bool:
    answer = client.get(OWN)
    assert answer.status_code == 200 or answer.headers["Location"].startswith(LOGIN)
    return answer.status_code == 200


def error_of(answer) -> str:
    return answer.context["form"].errors["code"][0]


def test_the_password_is_enough_where_nothing_more_is_required(client, viewer):
    assert type_password(client, viewer).headers["Location"] == HOME
    assert is_open(client)


def test_the_next_page_is_opened_unless_it_is_on_another_host(client, viewer):
    wanted = reverse("admin:accounts_user_changelist")
    assert type_password(client, viewer, next=wanted).headers["Location"] == wanted
    client.logout()
    assert type_password(client, viewer, next="https://elsewhere.example/").headers["Location"] == HOME


def test_users_with_an_app_are_always_asked_for_its_code(client, viewer, noon):
    device, _ = with_second_factor(viewer)
    assert type_password(client, viewer, next=SESSIONS).headers["Location"] == CODE
    assert not is_open(client)
    noon.shift(30)
    assert type_code(client, code_of(device)).headers["Location"] == SESSIONS
    assert is_open(client)


SESSIONS = reverse("admin:my_sessions")


def test_a_code_may_be_typed_with_a_space(client, viewer, noon):
    device, _ = with_second_factor(viewer)
    noon.shift(30)
    type_password(client, viewer)
    code = code_of(device)
    assert type_code(client, f" {code[:3]} {code[3:]} ").headers["Location"] == HOME


def test_a_code_is_good_once(client, viewer, noon):
    device, _ = with_second_factor(viewer)
    noon.shift(30)
    code = code_of(device)
    type_password(client, viewer)
    type_code(client, code)
    client.logout()
    type_password(client, viewer)
    assert error_of(type_code(client, code)) == "This code is wrong, or was used before. Wait for the next one."
    assert not is_open(client)


def test_each_wrong_code_doubles_the_wait_also_for_the_right_one(client, viewer, noon):
    device, _ = with_second_factor(viewer)
    noon.shift(30)
    type_password(client, viewer)
    for wait in (1, 2, 4):
        assert error_of(type_code(client, "000000")).startswith("This code is wrong")
        assert error_of(type_code(client, code_of(device))) == f"Too many wrong codes: wait {wait} s"
        noon.shift(wait)
    assert type_code(client, code_of(device)).headers["Location"] == HOME


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "+12345", "12_345", "x" * 500])
def test_an_invalid_code_is_refused(client, viewer, noon, code):
    with_second_factor(viewer)
    type_password(client, viewer)
    assert error_of(type_code(client, code))
    assert not is_open(client)


def test_a_backup_code_opens_once(client, viewer, noon):
    _, codes = with_second_factor(viewer)
    assert len(set(codes)) == 10
    type_password(client, viewer)
    assert type_code(client, codes[0].upper()).headers["Location"] == HOME
    assert is_open(client)
    client.logout()
    type_password(client, viewer)
    assert error_of(type_code(client, codes[0]))
    assert not is_open(client)


def test_the_code_of_another_user_is_refused(client, viewer, meena, noon):
    with_second_factor(viewer)
    hers, _ = with_second_factor(meena)
    noon.shift(30)
    type_password(client, viewer)
    assert error_of(type_code(client, code_of(hers)))


def test_without_the_password_there_is_no_second_step(client, viewer):
    with_second_factor(viewer)
    for page in (CODE, SET_UP):
        assert client.get(page).headers["Location"] == LOGIN
        assert type_code(client, "000000", page).headers["Location"] == LOGIN


def test_between_the_steps_no_page_opens_and_the_login_expires_after_ten_minutes(client, viewer, noon):
    device, _ = with_second_factor(viewer)
    type_password(client, viewer)
    for page in ("index", "my_sessions", "my_second_factor", "password_change", "accounts_user_changelist"):
        assert client.get(reverse(f"admin:{page}")).status_code == 302
    noon.shift(601)
    assert type_code(client, code_of(device)).headers["Location"] == LOGIN
    assert not is_open(client)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "another"}], ids=str)
def test_changes_of_the_user_between_the_steps_end_the_login(client, viewer, noon, change):
    device, _ = with_second_factor(viewer)
    type_password(client, viewer)
    noon.shift(30)
    User.objects.filter(pk=viewer.pk).update(**change)
    assert type_code(client, code_of(device)).headers["Location"] == LOGIN
    assert not is_open(client)


def test_the_session_of_the_first_step_gets_a_new_key(client, viewer, noon):
    client.get(LOGIN)
    with_second_factor(viewer)
    client.cookies["sessionid"] = "planted0by0an0attacker"
    type_password(client, viewer)
    first = client.cookies["sessionid"].value
    assert first != "planted0by0an0attacker"
    noon.shift(30)
    type_code(client, code_of(TOTPDevice.objects.get()))
    assert client.cookies["sessionid"].value != first


def test_a_session_that_never_showed_the_second_factor_ends_when_there_is_one(client, viewer, noon):
    client.force_login(viewer)
    assert is_open(client)
    with_second_factor(viewer)
    assert not is_open(client)


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_TOTP_REQUIRED = True

    def test_it_is_set_up_before_anything_opens(self, client, viewer, noon):
        assert type_password(client, viewer).headers["Location"] == SET_UP
        page = client.get(SET_UP)
        assert page.context["qr_code"].startswith("data:image/svg+xml")
        assert not is_open(client)
        device = TOTPDevice.objects.get(user=viewer)
        assert not device.confirmed
        done = type_code(client, code_of(device), SET_UP)
        assert len(done.context["backup_codes"]) == 10
        assert is_open(client)
        assert TOTPDevice.objects.get(user=viewer).confirmed

    def test_loading_the_page_again_shows_the_same_secret(self, client, viewer):
        type_password(client, viewer)
        assert client.get(SET_UP).context["secret"] == client.get(SET_UP).context["secret"]

    def test_a_wrong_first_code_sets_up_nothing(self, client, viewer, noon):
        type_password(client, viewer)
        client.get(SET_UP)
        assert error_of(type_code(client, "000000", SET_UP)).startswith("This code is wrong")
        assert not TOTPDevice.objects.get(user=viewer).confirmed
        assert not is_open(client)

    def test_a_second_app_cannot_be_set_up_during_sign_in(self, client, viewer, noon):
        with_second_factor(viewer)
        type_password(client, viewer)
        assert client.get(SET_UP).headers["Location"] == CODE
        assert type_code(client, "000000", SET_UP).headers["Location"] == CODE
        assert TOTPDevice.objects.filter(user=viewer).count() == 1

    def test_sessions_of_before_end(self, client, viewer):
        client.force_login(viewer)
        assert not is_open(client)


class TestTooManyAttempts:
    WAIT = re.compile(r"Too many tries\. Wait (a minute|\d+ minutes), then try again\.")

    def error(self, answer) -> str:
        return answer.context["form"].non_field_errors()[0]

    def test_the_eleventh_try_for_a_phone_has_to_wait_right_or_wrong_in_any_spelling(self, client, viewer, noon):
        for _ in range(10):
            answer = type_password(client, viewer, "wrong")
            assert self.error(answer) == "This phone and password do not open the back office."
        answer = client.post(LOGIN, {"username": "98765 43288", "password": PASSWORD})
        assert self.WAIT.fullmatch(self.error(answer))
        assert (answer.status_code, int(answer.headers["Retry-After"]) <= 900) == (429, True)
        assert not is_open(client)
        noon.shift(901)
        assert type_password(client, viewer).status_code == 302

    def test_other_users_and_open_sessions_are_not_affected(self, client, viewer, noon):
        client.force_login(viewer)
        stranger = type(client)()
        for _ in range(11):
            type_password(stranger, viewer, "wrong")
        assert is_open(client)
        assert type_password(stranger, staff("+919876543287", "Ravi")).status_code == 302

    def test_unknown_phones_are_treated_alike(self, client, noon):
        for _ in range(10):
            client.post(LOGIN, {"username": "+919876543277", "password": "wrong"})
        answer = client.post(LOGIN, {"username": "+919876543277", "password": "wrong"})
        assert self.WAIT.fullmatch(self.error(answer))

    def test_a_successful_sign_in_resets_the_count(self, client, viewer, noon, settings):
        settings.SIGN_IN_TRIES = {"phone": 3, "address": 60}
        for _ in range(3):
            for _ in range(2):
                type_password(client, viewer, "wrong")
            assert type_password(client, viewer).status_code == 302
            noon.shift(1)

    def test_one_address_has_a_limit_too_whatever_the_phones(self, client, viewer, noon, settings):
        settings.SIGN_IN_TRIES = {"phone": 10, "address": 5}
        for number in range(5):
            client.post(LOGIN, {"username": f"+9198765{number:05}", "password": "wrong"})
        assert self.WAIT.fullmatch(self.error(type_password(client, viewer)))
        elsewhere = type(client)(REMOTE_ADDR="203.0.113.9")
        assert type_password(elsewhere, viewer).status_code == 302


def test_no_log_holds_a_secret_a_code_or_a_password(client, viewer, noon, caplog):
    caplog.set_level(logging.DEBUG)
    device, codes = with_second_factor(viewer)
    type_password(client, viewer, "wrong-password-of-charu")
    type_password(client, viewer)
    type_code(client, "000000")
    noon.shift(60)
    code = code_of(device)
    type_code(client, code)
    client.logout()
    type_password(client, viewer)
    type_code(client, codes[0])
    text = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for secret in (device.key, code, codes[0], codes[0].replace("-", ""), PASSWORD, "wrong-password-of-charu"):
        assert secret not in text


def test_sign_in_pages_are_not_cached(client, viewer, noon):
    with_second_factor(viewer)
    type_password(client, viewer)
    for page in (LOGIN, CODE):
        assert "no-store" in client.get(page).headers["Cache-Control"]
