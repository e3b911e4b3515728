"""Login by one-time password, from the SMS message to the session."""

import logging
from collections import Counter

import pytest

from accounts.models import OtpChallenge, Role, Session, User
from accounts.otp import issue_otp
from notifications.encryption import decrypt
from notifications.models import SmsMessage
from tests.support import factories
from tests.support.otp import PHONE, ask, redeem, refusal, texted_code, wrong

DEVANAGARI, FULL_WIDTH = (str.maketrans("0123456789", digits) for digits in ("०१२३४५६७८९", "０１２３４５６７８９"))
WRONG = (400, "Operation failed", "Invalid OTP")
NOT_FOUND = (401, "OTP expired or not found", "Authentication failed")
EXPIRED = (401, "OTP expired", "Authentication failed")


def test_a_requested_password_is_sent_by_sms_and_stored_encrypted():
    response = ask()
    assert response.status_code == 200
    assert (response.body["message"], response.body["data"]) == ("OTP sent successfully.", None)
    sms = SmsMessage.objects.get()
    assert (sms.event, sms.to, sms.queue) == ("OTP", PHONE, "otp")
    assert sms.text == "Your OTP is: ****** (valid for 5 min)"
    assert decrypt(sms.encrypted_text) == f"Your OTP is: {texted_code()} (valid for 5 min)"
    assert (sms.expires_at - sms.created_at).total_seconds() == pytest.approx(300, abs=1)


def test_the_first_login_makes_a_farmer_without_an_active_role():
    ask()
    response = redeem(texted_code())
    assert (response.status_code, response.body["message"]) == (200, "Authentication successful")
    user = User.objects.get(phone=PHONE)
    assert set(response.body["data"]) == {"token", "refreshToken", "user"}
    assert response.body["data"]["user"] == {
        "id": str(user.pk),
        "phone": PHONE,
        "roles": ["FARMER"],
        "activeRole": None,
        "profile": {"name": "", "defaultLocation": None, "pincode": "", "language": ""},
        "status": "ACTIVE",
        "createdAt": user.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": user.updated_at.isoformat().replace("+00:00", "Z"),
        "lastLoginAt": user.last_login.isoformat().replace("+00:00", "Z"),
    }
    assert not user.has_usable_password()


def test_a_known_user_keeps_their_roles(ravi):
    ask(ravi.phone)
    response = redeem(texted_code(ravi.phone), ravi.phone)
    assert response.body["data"]["user"]["id"] == str(ravi.pk)
    assert response.body["data"]["user"]["roles"] == ["VLE"]


def test_all_spellings_of_a_phone_lead_to_one_user():
    ask("98765 43217")
    assert redeem(texted_code(), "09876543217").status_code == 200
    assert [user.phone for user in User.objects.all()] == [PHONE]


def test_the_phone_may_come_in_the_query(api):
    assert api().post(f"/auth/send-otp?phoneNumber={PHONE.replace('+', '%2B')}").status_code == 200
    answer = api().post(f"/auth/verify-otp?phoneNumber={PHONE[1:]}", {"otp": texted_code()}, format="json")
    assert answer.status_code == 200


def test_the_phone_in_the_body_wins_over_the_query(api):
    api().post("/auth/send-otp?phoneNumber=9876500000", {"phoneNumber": PHONE}, format="json")
    assert OtpChallenge.objects.get().phone == PHONE


FORM = "application/x-www-form-urlencoded"


def test_both_otp_routes_accept_forms(api):
    sent = api().post("/auth/send-otp", "phoneNumber=%2B91+98765+43217", content_type=FORM)
    assert (sent.status_code, OtpChallenge.objects.get().phone) == (200, PHONE)
    answer = api().post("/auth/verify-otp", f"phoneNumber={PHONE[1:]}&otp={texted_code()}", content_type=FORM)
    assert answer.status_code == 200
    assert answer.body["data"]["user"]["phone"] == PHONE


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Validation failed"),
        ("phoneNumber=", "Validation failed"),
        ("phoneNumber=1&phoneNumber=2", "Validation failed"),
        (b"phoneNumber=%FF", "Validation failed"),
        (b"phoneNumber=\xff", "Validation failed"),
        ("&".join(f"a{number}=" for number in range(201)), "Validation failed"),
        ("a=" + "x" * 70_000, "Request too large"),
    ],
)
def test_an_unusable_form_is_refused(api, body, message):
    answer = api().post("/auth/send-otp", body, content_type=FORM)
    assert (answer.status_code, answer.body["message"]) == (413 if "large" in message else 400, message)
    assert not OtpChallenge.objects.exists()


def test_other_routes_of_sign_in_accept_json_only(api):
    assert api().post("/auth/refresh", "refreshToken=x", content_type=FORM).status_code == 415


def test_a_stale_token_does_not_prevent_a_login():
    assert ask(HTTP_AUTHORIZATION="Bearer stale").status_code == 200


def test_a_password_works_once():
    ask()
    code = texted_code()
    assert redeem(code).status_code == 200
    assert refusal(redeem(code)) == NOT_FOUND
    assert Session.objects.count() == 1


def test_without_asking_no_password_is_right():
    assert refusal(redeem("123456")) == NOT_FOUND
    assert not User.objects.exists()


def test_a_wrong_password_opens_nothing_and_the_right_one_still_does():
    ask()
    assert refusal(redeem(wrong(texted_code()))) == WRONG
    assert not User.objects.exists()
    assert redeem(texted_code()).status_code == 200


def test_the_fifth_try_may_still_be_right():
    ask()
    for _ in range(4):
        redeem(wrong(texted_code()))
    assert redeem(texted_code()).status_code == 200


def test_after_five_wrong_tries_right_and_wrong_read_alike():
    ask()
    assert {refusal(redeem(wrong(texted_code()))) for _ in range(5)} == {WRONG}
    assert refusal(redeem(wrong(texted_code()))) == refusal(redeem(texted_code())) == NOT_FOUND
    assert not Session.objects.exists()


def test_a_password_of_one_phone_opens_no_other(asha):
    ask()
    ask(asha.phone)
    other = texted_code()
    if other != texted_code(asha.phone):
        assert refusal(redeem(other, asha.phone)) == WRONG


def test_a_password_is_kept_only_as_a_hash_bound_to_phone_and_challenge():
    phones = ["+919876543221", "+919876543222"]
    kept = [issue_otp(phone=phone, address="203.0.113.7") for phone in phones]
    for challenge, code in kept:
        assert len(challenge.code_hash) == 64
        assert code not in str(OtpChallenge.objects.filter(pk=challenge.pk).values())
    first, second = (challenge for challenge, _ in kept)
    OtpChallenge.objects.filter(pk=second.pk).update(code_hash=first.code_hash)
    assert refusal(redeem(kept[0][1], phones[1])) == WRONG


def test_a_password_lives_for_five_minutes(time_machine):
    time_machine.move_to("2026-03-01T10:00:00Z", tick=False)
    ask()
    code = texted_code()
    time_machine.move_to("2026-03-01T10:04:59Z", tick=False)
    assert refusal(redeem(wrong(code))) == WRONG
    time_machine.move_to("2026-03-01T10:05:00Z", tick=False)
    assert refusal(redeem(code)) == EXPIRED
    assert not User.objects.exists()


def test_a_new_password_voids_the_old_one(time_machine):
    time_machine.move_to("2026-03-01T10:00:00Z", tick=False)
    ask()
    old = texted_code()
    time_machine.move_to("2026-03-01T10:01:00Z", tick=False)
    ask()
    if old != texted_code():
        assert refusal(redeem(old)) == WRONG
    assert redeem(texted_code()).status_code == 200


def test_the_answer_is_the_same_for_known_unknown_and_deactivated(asha, charu):
    User.objects.filter(pk=charu.pk).update(is_active=False)
    answers = [ask(phone) for phone in (asha.phone, charu.phone, PHONE)]
    for answer in answers:
        answer.body.pop("correlationId"), answer.body.pop("timestamp")
        assert answer.body == {"success": True, "message": "OTP sent successfully.", "data": None}
    assert len({frozenset(answer.headers) for answer in answers}) == 1


def test_the_right_password_of_a_deactivated_user_reads_like_a_wrong_one(asha):
    User.objects.filter(pk=asha.pk).update(is_active=False)
    ask(asha.phone)
    code = texted_code(asha.phone)
    assert refusal(redeem(code, asha.phone)) == refusal(redeem(wrong(code), asha.phone)) == WRONG
    assert {refusal(redeem(code, asha.phone)) for _ in range(3)} == {WRONG}
    assert refusal(redeem(code, asha.phone)) == NOT_FOUND
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "phone", ["+14155552671", "+447911123456", "+9779841234567", "+911123456789", "02024267890", "1800 123 4567"]
)
def test_only_indian_mobile_phones_get_an_sms_and_the_answer_is_the_same(phone):
    answer = ask(phone)
    assert (answer.status_code, answer.body["message"]) == (200, "OTP sent successfully.")
    assert not SmsMessage.objects.exists()


@pytest.mark.parametrize("otp", [123456, 12345.6, True, ["123456"], {"otp": "123456"}])
def test_a_password_is_a_string(otp):
    ask()
    assert refusal(redeem(otp)) == (400, "Validation failed", "{otp=OTP must be 6 digits}")


@pytest.mark.parametrize(
    "otp", ["12345", "1234567", "12345a", "12 456", "१२३४५", "१२३४५६७", "123-456", "12345\u00b2", "\u200b", "1" * 5000]
)
def test_a_password_has_six_digits(otp):
    ask()
    assert refusal(redeem(otp)) == (400, "Validation failed", "{otp=OTP must be 6 digits}")
    assert OtpChallenge.objects.get().attempts == 0


@pytest.mark.parametrize(
    "spell",
    [
        "{} ".format,
        "\n{}".format,
        "\u2068{}\u2069".format,
        lambda code: f"{code[:3]} {code[3:]}",
        lambda code: f"{code[:3]}\u00a0{code[3:]}",
        lambda code: code.translate(DEVANAGARI),
        lambda code: code.translate(FULL_WIDTH),
    ],
)
def test_a_password_is_accepted_in_any_spelling(spell):
    ask(PHONE.translate(DEVANAGARI))
    assert redeem(spell(texted_code()), f"\u202a{PHONE}\u202c").status_code == 200
    assert [user.phone for user in User.objects.all()] == [PHONE]


@pytest.mark.parametrize("otp", ["", None])
def test_a_password_is_required(otp):
    assert refusal(redeem(otp)) == (400, "Validation failed", "{otp=OTP is required}")


def test_everything_that_is_missing_is_named(api):
    response = api().post("/auth/verify-otp", {}, format="json")
    assert refusal(response) == (
        400,
        "Validation failed",
        "{phoneNumber=Phone number is required, otp=OTP is required}",
    )


@pytest.mark.parametrize("body", [[], [1], "x", 5, None, {"phoneNumber": {}}, {"phoneNumber": 919876543210}])
def test_a_body_of_another_shape_is_refused(api, body):
    for path in ("/auth/send-otp", "/auth/verify-otp", "/auth/refresh"):
        assert api().post(path, body, format="json").status_code == 400


def test_no_log_line_holds_a_password_or_a_phone(caplog, settings, asha):
    settings.OTP_FIXED_CODE = "731942"
    with caplog.at_level(logging.DEBUG):
        ask(asha.phone)
        redeem("731943", asha.phone)
        redeem("731942", asha.phone)
        User.objects.filter(pk=asha.pk).update(is_active=False)
        settings.OTP_SENDING_LIMITS = False
        ask(asha.phone)
        redeem("731942", asha.phone)
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "Wrong OTP for +91******3211" in ours
    assert not any(secret in ours for secret in ("731942", "731943", asha.phone, "9876543211"))


def test_passwords_are_spread_evenly_leading_zeros_included(settings):
    settings.OTP_SENDING_LIMITS = False
    codes = [issue_otp(phone=PHONE, address="203.0.113.7")[1] for _ in range(200)]
    assert {len(code) for code in codes} == {6}
    first_digits = Counter(code[0] for code in codes)
    assert set(first_digits) == set("0123456789")
    assert len(set(codes)) > 190


def test_the_demo_has_one_password_for_all(settings):
    settings.OTP_FIXED_CODE, settings.OTP_SENDING_LIMITS = "123456", False
    for _ in range(7):
        assert ask().status_code == 200
        assert redeem("123456").status_code == 200
    assert User.objects.get().role_assignments.get().role == Role.FARMER


def test_tries_are_limited_in_the_demo_too(settings):
    settings.OTP_FIXED_CODE, settings.OTP_SENDING_LIMITS = "123456", False
    ask()
    for _ in range(5):
        redeem("654321")
    assert refusal(redeem("123456")) == NOT_FOUND


def test_a_login_deletes_expired_sessions(asha, time_machine):
    time_machine.move_to("2026-03-01T10:00:00Z", tick=False)
    Session.objects.create(user=asha, refresh_id=asha.pk)
    time_machine.move_to("2026-04-01T10:00:00Z", tick=False)
    ask(asha.phone)
    redeem(texted_code(asha.phone), asha.phone)
    assert [session.created_at.month for session in Session.objects.all()] == [4]


def test_a_user_created_by_an_admin_has_the_roles_the_admin_granted(meena, api):
    factories.user(PHONE, "Charu", Role.OPERATOR)
    ask()
    assert redeem(texted_code()).body["data"]["user"]["roles"] == ["OPERATOR"]
