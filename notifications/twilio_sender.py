"""Send SMS messages over Twilio's REST API and classify the outcome."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from django.utils import timezone
from twilio.base import values
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from notifications.encryption import decrypt
from notifications.models import SmsMessage
from notifications.outcomes import Accepted, Found, Outcome, Postponed, Refused, Unknown

logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds to connect, and between two bytes of the response
PAGE_SIZE = 1000  # messages per query; Twilio's maximum
MAX_CLOCK_SKEW = timedelta(minutes=2)
MAX_RETRY_AFTER = 3600  # seconds; longer ones are ignored
ACCOUNT_ERRORS = {401, 403, 404}
"""HTTP statuses that concern our account (credentials, suspension, unknown sid); a bad recipient is 400."""
ACCOUNT_ERROR_WAIT = 60  # seconds
NOT_UNDER_WAY = {"failed", "undelivered", "canceled"}
TRIAL_PREFIX = "Sent from your Twilio trial account - "


@dataclass(frozen=True)
class TwilioAccount:
    sid: str
    auth_token: str
    from_number: str
    base_url: str
    status_callback_url: str = ""


class TwilioSender:
    """Send through one Twilio account; thread-safe."""

    def __init__(self, account: TwilioAccount):
        self.account = account
        # One thread at a time per client: Twilio's HTTP client stores the last response on itself.
        # The first is created now, because creating it imports many modules.
        self._idle = [_new_client(account)]

    def send(self, message: SmsMessage) -> Outcome:
        """Send the message once. Raises cryptography's InvalidToken for a secret that cannot be decrypted."""
        text = _text_to_send(message)
        with self._client() as client:
            try:
                created = client.messages.create(
                    to=message.to,
                    from_=self.account.from_number,
                    body=text,
                    status_callback=self.account.status_callback_url or values.unset,
                )
            except Exception as error:
                return _outcome_of(error, client.http_client.answer, text)
        return Accepted(created.sid) if created.sid else Unknown("Twilio's answer names no message")

    def query(self, message: SmsMessage, since: datetime) -> Outcome:
        """Look up messages with this phone and text since a moment; Unknown if Twilio does not answer."""
        text = _text_to_send(message)
        with self._client() as client:
            try:
                # No DateSent filter: a message queued at Twilio has no such date.
                listed = client.messages.list(to=message.to, page_size=PAGE_SIZE, limit=PAGE_SIZE)
                return Found([one.sid for one in listed if _is_the_one(one, text, since - MAX_CLOCK_SKEW)])
            except Exception as error:
                what = _what_happened(error, client.http_client.answer)
                return Unknown(f"Twilio does not say whether it has this text. {what}")

    @contextmanager
    def _client(self) -> Iterator[Client]:
        try:
            client = self._idle.pop()
        except IndexError:
            client = _new_client(self.account)
        try:
            yield client
        finally:
            self._idle.append(client)


class AnsweringHttpClient(TwilioHttpClient):
    """Keep the last response, whose headers Twilio's exceptions drop, and log nothing, as log lines contain phones."""

    answer: Response | None = None

    def request(self, *args: Any, **options: Any) -> Response:
        self.answer = None
        self.answer = super().request(*args, **options)
        return self.answer

    def log_request(self, kwargs: dict[str, Any]) -> None: ...

    def log_response(self, status_code: int, response: requests.Response) -> None: ...


def _new_client(account: TwilioAccount) -> Client:
    http_client = AnsweringHttpClient(timeout=TIMEOUT, max_retries=0)
    client = Client(account.sid, account.auth_token, http_client=http_client)
    client.api.base_url = account.base_url
    return client


def _text_to_send(message: SmsMessage) -> str:
    return decrypt(bytes(message.encrypted_text or b"")) if message.is_secret else message.text


def _is_the_one(listed: Any, text: str, since: datetime) -> bool:
    created_at = listed.date_created
    return (
        (listed.body or "").removeprefix(TRIAL_PREFIX) == text
        and listed.status not in NOT_UNDER_WAY
        and (created_at is None or created_at >= since)
    )


def _outcome_of(error: Exception, answer: Response | None, text: str) -> Outcome:
    if _never_arrived(error):
        return Postponed("Twilio cannot be reached")
    status = answer.status_code if isinstance(error, TwilioException) and answer is not None else 0
    if status == 429 and answer is not None:
        return Postponed(_reason(error, status, text), wait=_seconds_to_wait(answer.headers))
    if status in ACCOUNT_ERRORS:
        reason = _reason(error, status, text)
        logger.error("Twilio refuses the account, not the message; SMS messages wait: %s", reason)
        return Postponed(reason, wait=ACCOUNT_ERROR_WAIT)
    if 400 <= status < 500:
        return Refused(_reason(error, status, text))
    return Unknown(_what_happened(error, answer))


def _what_happened(error: Exception, answer: Response | None) -> str:
    if answer is not None:
        return f"Twilio's answer (HTTP {answer.status_code}) says nothing of use"
    return f"No answer from Twilio ({type(error).__name__})"


def _never_arrived(error: Exception) -> bool:
    """Tell whether no connection was established (refused, no route, unknown host): Twilio has no message."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, ConnectTimeoutError)


def _reason(error: Exception, status: int, text: str) -> str:
    """Return Twilio's error code and message, with our text removed if it quotes it."""
    code = getattr(error, "code", None) or status
    words = getattr(error, "msg", None) or getattr(error, "detail", None) or getattr(error, "title", None) or ""
    return f"{code}: {words.removeprefix('Unable to create record: ')}".replace(text, "(text)")


def _seconds_to_wait(headers: Any) -> float:
    """Return the `Retry-After` of a response in seconds, or 0."""
    asked = str((headers or {}).get("Retry-After", ""))
    try:
        seconds = float(asked) if asked.isdigit() else _seconds_until(parsedate_to_datetime(asked))
    except (ValueError, OverflowError):
        return 0
    return min(max(seconds, 0), MAX_RETRY_AFTER)


def _seconds_until(moment: datetime) -> float:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - timezone.now()).total_seconds()
