"""Send one-time passwords.

The code is issued by accounts, a layer below, and put into the outbox here, both in one transaction: neither exists
without the other, and imports go down only.
"""

from django.db import transaction

from accounts.otp import LIFETIME, issue_otp
from accounts.phones import is_indian_mobile
from notifications.services import send_secret

TEXT = "Your OTP is: {code} (valid for 5 min)"
HIDDEN = "******"


@transaction.atomic
def send_otp(*, phone: str, address: str) -> None:
    """Send a new one-time password to a phone (E.164), requested from an IP `address`. Raises TooManyRequests.

    Only Indian mobile phones get an SMS, because SMS pumping fraud uses numbers elsewhere; the response does not
    reveal the difference.
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
