"""Run exports in Celery workers: on each PostgreSQL notification in a thread pool, and on a periodic sweep.

Notifications bypass the broker. The sweep finds what no notification announces: exports of killed workers, retries,
and notifications sent while the listener was disconnected.
"""

import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from core.orphans import delete_orphans
from core.pg_notify import Listener, QueueRunner
from exports.models import FOLDER, Export, private_storage
from exports.runner import run_due
from exports.services import QUEUE, WAKE_UP_CHANNEL, delete_expired

PARALLEL_EXPORTS = 2  # a long export must not delay all others; more would only share one core

_stopping = threading.Event()
_runner = QueueRunner(QUEUE, lambda queue: run_due(queue, should_stop=_stopping.is_set), at_once=PARALLEL_EXPORTS)


@shared_task(name="exports.sweep")
def sweep() -> None:
    """Run due exports and delete expired files."""
    _runner.start()
    delete_expired()


@shared_task(name="exports.sweep_orphans")
def sweep_orphans() -> int:
    """Delete files without an export. Return their number."""
    return delete_orphans(private_storage(), folder=FOLDER, rows=Export.objects.all())


@worker_ready.connect
def listen(sender: Any, **_: Any) -> None:
    """Start a listener for new exports in workers that consume the queue."""
    if QUEUE in sender.app.amqp.queues.consume_from:
        Listener(WAKE_UP_CHANNEL, [QUEUE], lambda queue: _runner.start(), _stopping).start()


@worker_shutting_down.connect
def stop_claiming(**_: Any) -> None:
    _stopping.set()


@worker_shutdown.connect
def wait_for_running_exports(**_: Any) -> None:
    _runner.finish()
