"""Delivery as Celery's workers do it: at each wake-up in threads of their own, and at the timer's tasks.

Wake-ups do not go through the broker: without it, or with one that hangs, texts are delivered all the same. The timer
finds what no wake-up tells of: retries, the texts of killed workers, what was said while nobody listened.
"""

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from core.pg_notify import Listener, QueueRunner
from notifications.delivery import deliver_waiting
from notifications.models import SmsMessage
from notifications.services import WAKE_UP_CHANNEL

DELIVERIES_AT_ONCE = 4  # per queue: a slow provider must not hold up what comes next

_stopping = threading.Event()
_deliveries: dict[str, QueueRunner] = {}


@shared_task(name="notifications.deliver")
def deliver(queue: str) -> None:
    """Deliver what is due on a queue. One delivery too many does no harm."""
    deliver_waiting(queue, should_stop=_stopping.is_set)


@worker_ready.connect
def listen(sender: Any, **_: Any) -> None:
    """Every worker hears of new texts for the queues that it serves."""
    served = set(sender.app.amqp.queues.consume_from) & set(SmsMessage.Queue.values)
    _deliveries.update({queue: QueueRunner(queue, deliver, at_once=DELIVERIES_AT_ONCE) for queue in served})
    if served:
        Listener(WAKE_UP_CHANNEL, served, lambda queue: _deliveries[queue].start(), _stopping).start()


@worker_shutting_down.connect
def claim_no_more(**_: Any) -> None:
    _stopping.set()


@worker_shutdown.connect
def finish_what_is_under_way(**_: Any) -> None:
    for deliveries in _deliveries.values():
        deliveries.finish()
