"""What Twilio reports of a text after it took it."""

from typing import Any

from django.conf import settings
from twilio.request_validator import RequestValidator

from core.errors import Forbidden
from notifications.services import record_receipt

NOT_TWILIO = "Invalid signature"
_IS_DELIVERED = {"delivered": True, "read": True, "undelivered": False, "failed": False, "canceled": False}


def must_come_from_twilio(form: Any, signature: str) -> None:
    """Raises Forbidden unless `signature` proves that who sent `form` to our callback URL knows the auth token."""
    # The URL that we gave to Twilio: what a proxy made of it on the way here is not what was signed.
    url, token = settings.TWILIO_STATUS_CALLBACK_URL, settings.TWILIO_AUTH_TOKEN
    if not (url and token and RequestValidator(token).validate(url, form, signature)):
        raise Forbidden(NOT_TWILIO)


def note_status(*, provider_message_id: str, status: str, error_code: str = "") -> None:
    """Note a report that says how a text ended; those from under way say nothing new."""
    if status in _IS_DELIVERED:
        error = f"{error_code}: {status}" if error_code else status
        record_receipt(provider_message_id=provider_message_id, is_delivered=_IS_DELIVERED[status], error=error)
