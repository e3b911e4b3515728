"""Emptying the outbox: claim what is due, talk to the provider outside any transaction, write what came of it."""

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
from notifications.outbox import claim_due, give_up, write_outcome
from notifications.outcomes import Outcome, Postponed, Refused, Unknown
from notifications.senders import Sender, sender
from notifications.services import wake_workers

logger = logging.getLogger(__name__)

AT_ONCE = 16  # texts under way to the provider, per delivery
WORTH_A_CLAIM = AT_ONCE // 2  # claiming them one by one would cost more than sending them
LONGEST_DELIVERY = 60  # seconds; what is left then is for the next one
UNREADABLE = "The encrypted text cannot be read with the present key"


def deliver_waiting(queue: str, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due on a queue until nothing is, or `should_stop`; answers how many tries that took.

    Any number of processes may do this at once. A text whose outcome cannot be written (killed, database gone) is
    found by its lapsed claim, and the provider is asked about it before it is sent again. After LONGEST_DELIVERY the
    rest is left to the next delivery, so that other tasks get their turn.
    """
    give_up(queue)
    deadline = time.monotonic() + LONGEST_DELIVERY
    provider, tries = sender(), 0
    under_way: dict[Future[Outcome], SmsMessage] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"sms-{queue}") as threads:
        while True:
            is_over = should_stop() or time.monotonic() > deadline
            room = AT_ONCE - len(under_way)
            if not is_over and room >= WORTH_A_CLAIM:
                claimed = claim_due(queue, room)
                under_way |= {threads.submit(_try, message, provider): message for message in claimed}
                tries += len(claimed)
            if not under_way:
                break
            for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                write_outcome(under_way.pop(done), done.result())
    if is_over:
        wake_workers(queue)
    return tries


def _try(message: SmsMessage, provider: Sender) -> Outcome:
    """One exchange with the provider: a question where the last outcome is unknown, else the text. No database."""
    with correlated(message.correlation_id):
        if timezone.now() >= cast(datetime, message.claimed_until):
            # The machine slept between the claim and now; another worker may have it.
            return Postponed("The claim ran out")
        try:
            if message.outcome_unknown_since is not None:
                return provider.ask(message, message.outcome_unknown_since)
            return provider.send(message)
        except InvalidToken:
            return Refused(UNREADABLE)
        except Exception as error:
            logger.exception("Sending %s failed in a way nobody foresaw", message.pk)
            return Unknown(f"{type(error).__name__} while sending")
