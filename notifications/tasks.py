"""Delivery as Celery's workers do it. Tasks carry a queue's name, never a text."""

import logging
import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.db import connections
from kombu.exceptions import OperationalError

from notifications.delivery import deliver_waiting
from notifications.models import SmsMessage
from notifications.wakeups import Listener

logger = logging.getLogger(__name__)

WAKE_UP_LIFETIME = 60  # seconds; a task that waited longer has been overtaken by the timer's

_stopping = threading.Event()


# Acknowledged at its start: the texts of a killed worker are found in the outbox, and a worker of Celery 5.7 that
# loses its broker with anything unacknowledged in hand dies of it.
@shared_task(name="notifications.deliver", acks_late=False)
def deliver(queue: str) -> None:
    """Deliver what is due on a queue. Started by wake-ups and by the timer; one too many does no harm."""
    deliver_waiting(queue, should_stop=_stopping.is_set)


def start_delivery(queue: str) -> None:
    """Have a worker deliver. Where the broker does not answer, deliver here: a text needs no broker."""
    try:
        deliver.apply_async([queue], expires=WAKE_UP_LIFETIME)
    except OperationalError as error:
        logger.warning("No broker (%s); delivering %s without", type(error.__cause__).__name__, queue)
        try:
            deliver(queue)
        finally:
            connections.close_all()


@worker_ready.connect
def listen(sender: Any, **_: Any) -> None:
    """Every worker hears of new texts for the queues that it serves."""
    queues = set(sender.app.amqp.queues.consume_from) & set(SmsMessage.Queue.values)
    if queues:
        Listener(queues, start_delivery, _stopping).start()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    """Claim nothing more; what is under way is finished."""
    _stopping.set()
