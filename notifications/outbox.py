"""The rows of the outbox on their way: claimed by a worker, put back, finished."""

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
from notifications.models import SmsMessage
from notifications.outcomes import Accepted, Found, Logged, Outcome, Postponed, Refused, Unknown
from notifications.queries import SmsMessageQuerySet
from notifications.services import MAX_ERROR

logger = logging.getLogger(__name__)

Status = SmsMessage.Status
CLAIM_TIME = timedelta(seconds=30)  # longer than one exchange with the provider can take
FIRST_PAUSE = 5  # seconds
LONGEST_PAUSE: dict[str, int] = {SmsMessage.Queue.OTP: 30, SmsMessage.Queue.NOTICES: 300}  # seconds
# The provider's list may lag behind, and a request that timed out here may still be at work there.
PAUSE_BEFORE_ASKING = 15  # seconds


@transaction.atomic
def claim_due(queue: str, limit: int) -> list[SmsMessage]:
    """Take up to `limit` texts in hand for CLAIM_TIME; no other worker gets them meanwhile."""
    now = timezone.now()
    due = SmsMessage.objects.due(queue, now).select_for_update(skip_locked=True, of=("self",), no_key=True)
    claimed = SmsMessage.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:limit]))
    claimed.update(
        # An older claim means that a worker died with the text in hand, before or after the provider got it.
        outcome_unknown_since=Coalesce("outcome_unknown_since", F("claimed_until") - CLAIM_TIME),
        claimed_until=now + CLAIM_TIME,
        tries=F("tries") + 1,
        updated_at=now,
    )
    return list(claimed)


def write_outcome(message: SmsMessage, outcome: Outcome) -> None:
    """Write what came of one try."""
    match outcome:
        case Accepted(provider_message_id):
            _finish(message, Status.SENT, provider_message_id=provider_message_id, sent_at=timezone.now(), error="")
        case Logged():
            _finish(message, Status.LOGGED, error="")
        case Refused(error):
            _finish(message, Status.FAILED, error=error[:MAX_ERROR])
        case Postponed(error, wait):
            _put_back(message, max(wait, _pause(message)), error=error[:MAX_ERROR])
        case Unknown(error):
            since = message.outcome_unknown_since or _claimed_at(message)
            pause = max(PAUSE_BEFORE_ASKING, _pause(message))
            _put_back(message, pause, error=error[:MAX_ERROR], outcome_unknown_since=since)
        case Found(provider_message_ids):
            _settle(message, provider_message_ids)


def give_up(queue: str) -> int:
    """Close what could not be delivered in its time, saying what was in the way; answers how many."""
    now = timezone.now()
    count = SmsMessage.objects.given_up(queue, now).update(
        status=Status.FAILED,
        error=Trim(Left(Concat(Value("Not delivered in time. "), F("error")), MAX_ERROR)),
        encrypted_text=None,
        claimed_until=None,
        updated_at=now,
    )
    if count:
        logger.warning("Gave up %s SMS of the queue %s", count, queue)
    return count


def _finish(message: SmsMessage, status: str, **fields: Any) -> None:
    rows = SmsMessage.objects.filter(pk=message.pk, status=Status.PENDING)
    if status != Status.SENT:  # what was sent was sent, however late we say so
        rows = rows.filter(tries=message.tries)
    final = {"status": status, "encrypted_text": None, "outcome_unknown_since": None}
    _write(message, rows, status, **final, **fields)


def _put_back(message: SmsMessage, pause: float, **fields: Any) -> None:
    rows = SmsMessage.objects.filter(pk=message.pk, status=Status.PENDING, tries=message.tries)
    _write(message, rows, "waits", next_try_at=timezone.now() + timedelta(seconds=pause), **fields)


def _settle(message: SmsMessage, found: list[str]) -> None:
    """The provider has been asked: either one of the texts it knows is this one, or it never got it."""
    others = set(SmsMessage.objects.filter(provider_message_id__in=found).values_list("provider_message_id", flat=True))
    ours = next((identifier for identifier in found if identifier not in others), None)
    if ours is None:
        _put_back(message, 0, outcome_unknown_since=None)
    else:
        write_outcome(message, Accepted(ours))


def _write(message: SmsMessage, rows: SmsMessageQuerySet, what: str, **fields: Any) -> None:
    with correlated(message.correlation_id):
        if rows.update(claimed_until=None, updated_at=timezone.now(), **fields):
            logger.info("SMS %s, %s to %s: %s", message.pk, message.event, masked_phone(message.to), what)
        else:
            logger.warning("SMS %s: %s comes too late, another worker has it", message.pk, what)


def _claimed_at(message: SmsMessage) -> datetime:
    return cast(datetime, message.claimed_until) - CLAIM_TIME


def _pause(message: SmsMessage) -> float:
    """Seconds to the next try: doubled with each, up to the queue's longest, and never the same for two texts."""
    doubled = FIRST_PAUSE * 2 ** min(message.tries - 1, 10)
    return secrets.SystemRandom().uniform(0.5, 1) * min(doubled, LONGEST_PAUSE[message.queue])
