"""Texts to deliver, recorded as the product records them."""

import uuid
from datetime import timedelta

from accounts.models import User
from notifications.choices import Queue
from notifications.models import SmsMessage
from notifications.services import Notification, Related, notify, send_secret

NOTICES = Queue.NOTICES
OTP = Queue.OTP


def tell(person: User, text: str = "Your order #abc12345 has moved", *, about: uuid.UUID | None = None) -> SmsMessage:
    """A notice about an order, one of its own unless named."""
    related = Related("ORDER", about or uuid.uuid4(), occasion=uuid.uuid4().hex)
    return notify([Notification("ORDER_STATUS_UPDATED", person, text)], about=related)[0]


def tell_code(phone: str = "+919876543211", code: str = "482915") -> SmsMessage:
    """A one-time password."""
    return send_secret(
        event="OTP",
        phone=phone,
        text=f"Your OTP is: {code} (valid for 5 min)",
        shown="Your OTP is: ****** (valid for 5 min)",
        key=uuid.uuid4().hex,
        lifetime=timedelta(minutes=5),
    )


def now(message: SmsMessage) -> SmsMessage:
    """The row as it is now."""
    return SmsMessage.objects.get(pk=message.pk)
