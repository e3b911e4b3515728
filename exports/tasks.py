"""Exports as Celery's workers write them: at each wake-up in threads of their own, and at the timer's tasks.

Wake-ups do not go through the broker. The timer finds what no wake-up tells of: the exports of killed workers, tries
that broke off, what was said while nobody listened.
"""

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from core.orphans import delete_orphans
from core.pg_notify import Listener, QueueRunner
from exports.models import FOLDER, Export, private_storage
from exports.running import run_waiting
from exports.services import QUEUE, WAKE_UP_CHANNEL, delete_expired

AT_ONCE = 2  # a long export must not hold up all others; more would only share one core

_stopping = threading.Event()
_runs = QueueRunner(QUEUE, lambda queue: run_waiting(queue, should_stop=_stopping.is_set), at_once=AT_ONCE)


@shared_task(name="exports.sweep")
def sweep() -> None:
    """Take up what waits, and take away the files that expired."""
    _runs.start()
    delete_expired()


@shared_task(name="exports.sweep_orphans")
def sweep_orphans() -> int:
    """Delete files that no export names; how many."""
    return delete_orphans(private_storage(), folder=FOLDER, rows=Export.objects.all())


@worker_ready.connect
def listen(sender: Any, **_: Any) -> None:
    """The workers that serve the queue hear of new exports."""
    if QUEUE in sender.app.amqp.queues.consume_from:
        Listener(WAKE_UP_CHANNEL, [QUEUE], lambda queue: _runs.start(), _stopping).start()


@worker_shutting_down.connect
def begin_no_more(**_: Any) -> None:
    _stopping.set()


@worker_shutdown.connect
def finish_what_is_under_way(**_: Any) -> None:
    _runs.finish()
