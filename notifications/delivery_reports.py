"""Process the delivery reports that Twilio posts about accepted SMS messages."""

from typing import Any

from django.conf import settings
from twilio.request_validator import RequestValidator

from core.errors import Forbidden
from notifications.services import record_delivery_report

NOT_TWILIO = "Invalid signature"
_IS_DELIVERED = {"delivered": True, "read": True, "undelivered": False, "failed": False, "canceled": False}


def must_come_from_twilio(form: Any, signature: str) -> None:
    """Raise Forbidden unless `signature` is Twilio's signature of `form` and the callback URL."""
    # Twilio signs the URL that it was given, not the one that a proxy forwards to.
    url, token = settings.TWILIO_STATUS_CALLBACK_URL, settings.TWILIO_AUTH_TOKEN
    if not (url and token and RequestValidator(token).validate(url, form, signature)):
        raise Forbidden(NOT_TWILIO)


def record_status(*, provider_message_id: str, status: str, error_code: str = "") -> None:
    """Record a final delivery status; intermediate statuses are ignored."""
    if status in _IS_DELIVERED:
        error = f"{error_code}: {status}" if error_code else status
        record_delivery_report(provider_message_id=provider_message_id, is_delivered=_IS_DELIVERED[status], error=error)
