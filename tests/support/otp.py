"""Request and redeem one-time passwords, as a phone app does."""

from typing import Any

from notifications.encryption import decrypt
from notifications.models import SmsMessage
from tests.support.clients import Client

PHONE = "+919876543217"  # of no user yet


def ask(phone: Any = PHONE, **environ: Any) -> Any:
    return Client().post("/auth/send-otp", {"phoneNumber": phone}, format="json", **environ)


def redeem(otp: Any, phone: Any = PHONE) -> Any:
    return Client().post("/auth/verify-otp", {"phoneNumber": phone, "otp": otp}, format="json")


def texted_code(phone: str = PHONE) -> str:
    """Return the code in the newest SMS message."""
    sms = SmsMessage.objects.filter(event="OTP", to=phone).order_by("created_at").last()
    return decrypt(sms.encrypted_text).removeprefix("Your OTP is: ")[:6]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def refusal(response: Any) -> tuple[int, str, str]:
    return response.status_code, response.body["message"], response.body["errorDetails"]
