"""Claim outbox rows, and record the outcome of each try."""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Concat, Left, Trim
from django.utils import timezone

from accounts.phones import masked_phone
from core.correlation import correlated
from notifications.choices import Queue, SmsStatus
from notifications.models import SmsMessage
from notifications.outcomes import Accepted, Found, Logged, Outcome, Postponed, Refused, Unknown
from notifications.queries import SmsMessageQuerySet
from notifications.services import MAX_ERROR

logger = logging.getLogger(__name__)
CLAIM_TIME = timedelta(seconds=30)  # longer than one exchange with the provider can take
FIRST_RETRY_SECONDS = 5
MAX_RETRY_SECONDS: dict[str, int] = {Queue.OTP: 30, Queue.NOTICES: 300}
# The provider's list may lag behind, and a request that timed out here may still be running there.
QUERY_DELAY_SECONDS = 15


@transaction.atomic
def claim_due(queue: str, limit: int) -> list[SmsMessage]:
    """Claim up to `limit` due messages for CLAIM_TIME, exclusively."""
    now = timezone.now()
    due = SmsMessage.objects.due(queue, now).select_for_update(skip_locked=True, of=("self",), no_key=True)
    claimed = SmsMessage.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:limit]))
    claimed.update(
        # An older claim means that a worker died while sending, before or after the provider received the message.
        outcome_unknown_since=Coalesce("outcome_unknown_since", F("claimed_until") - CLAIM_TIME),
        claimed_until=now + CLAIM_TIME,
        tries=F("tries") + 1,
        updated_at=now,
    )
    return list(claimed)


def record_outcome(message: SmsMessage, outcome: Outcome) -> None:
    """Record the outcome of one try."""
    match outcome:
        case Accepted(provider_message_id):
            _finish(message, SmsStatus.SENT, provider_message_id=provider_message_id, sent_at=timezone.now(), error="")
        case Logged():
            _finish(message, SmsStatus.LOGGED, error="")
        case Refused(error):
            _finish(message, SmsStatus.FAILED, error=error[:MAX_ERROR])
        case Postponed(error, wait):
            _retry_later(message, max(wait, _retry_delay(message)), error=error[:MAX_ERROR])
        case Unknown(error):
            since = message.outcome_unknown_since or _claimed_at(message)
            delay = max(QUERY_DELAY_SECONDS, _retry_delay(message))
            _retry_later(message, delay, error=error[:MAX_ERROR], outcome_unknown_since=since)
        case Found(provider_message_ids):
            _record_query_result(message, provider_message_ids)


def fail_overdue(queue: str) -> int:
    """Fail messages that expired undelivered, keeping the last error. Return their number."""
    now = timezone.now()
    count = SmsMessage.objects.overdue(queue, now).update(
        status=SmsStatus.FAILED,
        error=Trim(Left(Concat(Value("Not delivered in time. "), F("error")), MAX_ERROR)),
        encrypted_text=None,
        claimed_until=None,
        updated_at=now,
    )
    if count:
        logger.warning("%s SMS of the queue %s expired undelivered", count, queue)
    return count


def _finish(message: SmsMessage, status: str, **fields: Any) -> None:
    rows = SmsMessage.objects.filter(pk=message.pk, status=SmsStatus.PENDING)
    if status != SmsStatus.SENT:  # a sent message stays sent, even if another worker has claimed it meanwhile
        rows = rows.filter(tries=message.tries)
    final = {"status": status, "encrypted_text": None, "outcome_unknown_since": None}
    _write(message, rows, status, **final, **fields)


def _retry_later(message: SmsMessage, delay: float, **fields: Any) -> None:
    rows = SmsMessage.objects.filter(pk=message.pk, status=SmsStatus.PENDING, tries=message.tries)
    _write(message, rows, "waits", next_try_at=timezone.now() + timedelta(seconds=delay), **fields)


def _record_query_result(message: SmsMessage, found: list[str]) -> None:
    """Record the answer to a query: one of the provider's messages is this one, or it never received it."""
    others = set(SmsMessage.objects.filter(provider_message_id__in=found).values_list("provider_message_id", flat=True))
    ours = next((identifier for identifier in found if identifier not in others), None)
    if ours is None:
        _retry_later(message, 0, outcome_unknown_since=None)
    else:
        record_outcome(message, Accepted(ours))


def _write(message: SmsMessage, rows: SmsMessageQuerySet, what: str, **fields: Any) -> None:
    with correlated(message.correlation_id):
        if rows.update(claimed_until=None, updated_at=timezone.now(), **fields):
            logger.info("SMS %s, %s to %s: %s", message.pk, message.event, masked_phone(message.to), what)
        else:
            logger.warning("SMS %s: %s ignored, another worker has claimed it", message.pk, what)


def _claimed_at(message: SmsMessage) -> datetime:
    return cast(datetime, message.claimed_until) - CLAIM_TIME


def _retry_delay(message: SmsMessage) -> float:
    """Return the seconds to the next try: doubled with each up to the queue's maximum, with jitter."""
    doubled = FIRST_RETRY_SECONDS * 2 ** min(message.tries - 1, 10)
    return secrets.SystemRandom().uniform(0.5, 1) * min(doubled, MAX_RETRY_SECONDS[message.queue])
