"""Deliver SMS messages in Celery workers: on each PostgreSQL notification in a thread pool, and on a periodic sweep.

Notifications bypass the broker, so messages are delivered even if it is down or hangs. The sweep finds what no
notification announces: retries, messages of killed workers, and notifications sent while the listener was disconnected.
"""

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from core.pg_notify import Listener, QueueRunner
from notifications.choices import Queue
from notifications.delivery import deliver_due
from notifications.services import WAKE_UP_CHANNEL

PARALLEL_DELIVERIES = 4  # per queue: a slow provider must not delay newer messages

_stopping = threading.Event()
_deliveries: dict[str, QueueRunner] = {}


@shared_task(name="notifications.deliver")
def deliver(queue: str) -> None:
    """Deliver the due messages of a queue; safe to run concurrently."""
    deliver_due(queue, should_stop=_stopping.is_set)


@worker_ready.connect
def listen(sender: Any, **_: Any) -> None:
    """Start a listener for the outbox queues that this worker consumes."""
    served = set(sender.app.amqp.queues.consume_from) & set(Queue.values)
    _deliveries.update({queue: QueueRunner(queue, deliver, at_once=PARALLEL_DELIVERIES) for queue in served})
    if served:
        Listener(WAKE_UP_CHANNEL, served, lambda queue: _deliveries[queue].start(), _stopping).start()


@worker_shutting_down.connect
def stop_claiming(**_: Any) -> None:
    _stopping.set()


@worker_shutdown.connect
def wait_for_running_deliveries(**_: Any) -> None:
    for deliveries in _deliveries.values():
        deliveries.finish()
