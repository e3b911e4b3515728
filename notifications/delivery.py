"""Drain the outbox: claim due messages, send them outside any transaction, record the outcomes."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import cast

from cryptography.fernet import InvalidToken
from django.utils import timezone

from core.correlation import correlated
from notifications.models import SmsMessage
from notifications.outbox import claim_due, fail_overdue, record_outcome
from notifications.outcomes import Outcome, Postponed, Refused, Unknown
from notifications.senders import Sender, sender
from notifications.services import wake_workers

logger = logging.getLogger(__name__)

MAX_IN_FLIGHT = 16  # messages per delivery
MIN_CLAIM = MAX_IN_FLIGHT // 2  # claiming one by one would cost more than sending
MAX_DELIVERY_SECONDS = 60  # the next delivery continues
UNREADABLE = "The encrypted text cannot be read with the present key"


def deliver_due(queue: str, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver messages of a queue until none is due or `should_stop` returns True. Return the number of tries.

    Any number of processes may run this at once. A message whose outcome could not be recorded (worker killed,
    database gone) is found by its expired claim, and the provider is queried before it is sent again. After
    MAX_DELIVERY_SECONDS the rest is left to the next delivery, so that other tasks can run.
    """
    fail_overdue(queue)
    deadline = time.monotonic() + MAX_DELIVERY_SECONDS
    provider, tries = sender(), 0
    in_flight: dict[Future[Outcome], SmsMessage] = {}
    with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix=f"sms-{queue}") as threads:
        while True:
            is_over = should_stop() or time.monotonic() > deadline
            room = MAX_IN_FLIGHT - len(in_flight)
            if not is_over and room >= MIN_CLAIM:
                claimed = claim_due(queue, room)
                in_flight |= {threads.submit(_try, message, provider): message for message in claimed}
                tries += len(claimed)
            if not in_flight:
                break
            for done in wait(in_flight, return_when=FIRST_COMPLETED).done:
                record_outcome(in_flight.pop(done), done.result())
    if is_over:
        wake_workers(queue)
    return tries


def _try(message: SmsMessage, provider: Sender) -> Outcome:
    """Send the message, or query the provider if its last outcome is unknown. Uses no database."""
    with correlated(message.correlation_id):
        if timezone.now() >= cast(datetime, message.claimed_until):
            # The machine was suspended after the claim; another worker may have claimed it.
            return Postponed("The claim expired")
        try:
            if message.outcome_unknown_since is not None:
                return provider.query(message, message.outcome_unknown_since)
            return provider.send(message)
        except InvalidToken:
            return Refused(UNREADABLE)
        except Exception as error:
            logger.exception("Unexpected error while sending %s", message.pk)
            return Unknown(f"{type(error).__name__} while sending")
