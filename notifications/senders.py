"""Choose the SMS sender: Twilio if configured, else the log."""

import hashlib
import logging
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings

from accounts.phones import masked_phone
from notifications.models import SmsMessage
from notifications.outcomes import Found, Logged, Outcome
from notifications.twilio_sender import TwilioAccount, TwilioSender

logger = logging.getLogger(__name__)


def sender() -> "Sender":
    """Return the sender that the settings configure."""
    if not is_configured():
        return LogSender()
    return _twilio(
        TwilioAccount(
            sid=settings.TWILIO_ACCOUNT_SID,
            auth_token=settings.TWILIO_AUTH_TOKEN,
            from_number=settings.TWILIO_FROM_NUMBER,
            base_url=settings.TWILIO_API_BASE_URL,
            status_callback_url=settings.TWILIO_STATUS_CALLBACK_URL,
        )
    )


def is_configured() -> bool:
    return all([settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM_NUMBER])


@cache
def _twilio(account: TwilioAccount) -> TwilioSender:
    return TwilioSender(account)


class Sender(Protocol):
    """Talk to a provider; thread-safe, and faster than CLAIM_TIME.

    Raises cryptography's InvalidToken for a secret text that cannot be decrypted.
    """

    def send(self, message: SmsMessage) -> Outcome: ...

    def query(self, message: SmsMessage, since: datetime) -> Outcome: ...


class LogSender:
    """Log that a message would have been sent, without phone number or text."""

    def send(self, message: SmsMessage) -> Outcome:
        # The hash covers the masked text: that of a one-time password could be brute-forced.
        fingerprint = hashlib.sha256(message.text.encode()).hexdigest()[:16]
        logger.info("SMS NOT_CONFIGURED: %s to %s, text %s", message.event, masked_phone(message.to), fingerprint)
        return Logged()

    def query(self, message: SmsMessage, since: datetime) -> Outcome:
        return Found([])
