"""Logging in: asking for a one-time password, redeeming it, choosing a role."""

import pytest

from accounts.models import User
from notifications.models import SmsMessage
from notifications.sealing import unseal

PHONE = "+919876543217"


@pytest.fixture(autouse=True)
def _sending_limits(settings):
    settings.OTP_SENDING_LIMITS = True
    settings.OTP_FIXED_CODE = None


def send(api, phone=PHONE):
    return api().post("/auth/send-otp", {"phoneNumber": phone}, format="json")


def verify(api, otp, phone=PHONE):
    return api().post("/auth/verify-otp", {"phoneNumber": phone, "otp": otp}, format="json")


def texted_code():
    """The code in the newest SMS, as the phone's owner reads it."""
    text = unseal(SmsMessage.objects.filter(event="OTP").latest("created_at").sealed_text)
    return text.removeprefix("Your OTP is: ")[:6]


def test_asking_for_a_password_texts_it_and_keeps_it_out_of_sight(api):
    response = send(api)
    assert response.status_code == 200
    assert (response.body["message"], response.body["data"]) == ("OTP sent successfully.", None)
    sms = SmsMessage.objects.get()
    assert (sms.event, sms.to, sms.queue) == ("OTP", PHONE, "otp")
    assert sms.text == "Your OTP is: ****** (valid for 5 min)"
    assert unseal(sms.sealed_text) == f"Your OTP is: {texted_code()} (valid for 5 min)"


def test_the_first_login_makes_a_farmer_without_an_active_role(api):
    send(api)
    response = verify(api, texted_code())
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
