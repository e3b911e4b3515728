"""Who takes the texts: Twilio where it is configured, else the log."""

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
    """The one that the settings name."""
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
    """Talks to a provider. Called from many threads at once; answers within a claim's time.

    Raises cryptography's InvalidToken for a secret text that cannot be read any more.
    """

    def send(self, message: SmsMessage) -> Outcome: ...

    def ask(self, message: SmsMessage, since: datetime) -> Outcome: ...


class LogSender:
    """Says in the log that somebody would have been told, but neither who nor what."""

    def send(self, message: SmsMessage) -> Outcome:
        # The hash is of the text as it may be shown: that of a one-time password would give it away.
        fingerprint = hashlib.sha256(message.text.encode()).hexdigest()[:16]
        logger.info("SMS NOT_CONFIGURED: %s to %s, text %s", message.event, masked_phone(message.to), fingerprint)
        return Logged()

    def ask(self, message: SmsMessage, since: datetime) -> Outcome:
        return Found([])
