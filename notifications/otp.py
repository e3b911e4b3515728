"""Sending one-time passwords.

This lives here and not in accounts because sending is telling: accounts lie below and make the code, this app puts it
into the outbox, both in one transaction. So neither is there without the other, and imports go down only.
"""

from django.db import transaction

from accounts.otp import LIFETIME, issue_otp
from accounts.phones import is_indian_mobile
from notifications.services import send_secret

TEXT = "Your OTP is: {code} (valid for 5 min)"
HIDDEN = "******"


@transaction.atomic
def send_otp(*, phone: str, address: str) -> None:
    """Text a new one-time password to a phone (E.164), asked for from `address`. Raises TooManyRequests.

    Only Indian mobile phones are texted, as numbers elsewhere are what SMS fraud earns from; nobody can tell from
    the answer.
    """
    challenge, code = issue_otp(phone=phone, address=address)
    if not is_indian_mobile(phone):
        return
    send_secret(
        event="OTP",
        phone=phone,
        text=TEXT.format(code=code),
        shown=TEXT.format(code=HIDDEN),
        key=str(challenge.pk),
        lifetime=LIFETIME,
    )
