"""Wake workers by PostgreSQL's NOTIFY after a commit, without a broker in between."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import close_old_connections, connection

from core.database import listen_connection_params

logger = logging.getLogger(__name__)

MAX_RECONNECT_DELAY = 30  # seconds
DEBOUNCE = 0.1  # seconds: notifications within count as one
POLL_INTERVAL = 1  # seconds without a notification after which to check whether the worker stops


def notify(channel: str, queue: str) -> None:
    """Notify the workers of a queue after the running transaction commits."""
    # PostgreSQL delivers this at commit and drops it on rollback, so no request depends on a broker.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, queue])


class Listener(threading.Thread):
    """Call `start(queue)` for each notified queue, and for all queues after each (re)connect.

    It listens on a connection of its own, which needs a session: no transaction pooler in between.
    """

    def __init__(
        self, channel: str, queues: Collection[str], start: Callable[[str], None], stopping: threading.Event
    ) -> None:
        super().__init__(name=f"listener-{channel}", daemon=True)
        self.channel, self.queues, self.start_work, self.stopping = channel, frozenset(queues), start, stopping
        self.reconnect_delay = 1

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                logger.warning(
                    "LISTEN on %s failed, the periodic sweep takes over: %s", self.channel, type(error).__name__
                )
            except Exception:
                logger.exception("LISTEN on %s failed, the periodic sweep takes over", self.channel)
            self.stopping.wait(self.reconnect_delay)
            self.reconnect_delay = min(self.reconnect_delay * 2, MAX_RECONNECT_DELAY)

    def _listen(self) -> None:
        with psycopg.connect(**listen_connection_params(), autocommit=True) as listening:
            listening.execute(f"LISTEN {self.channel}")
            self.reconnect_delay = 1
            pending = self.queues  # notifications may have been missed while disconnected
            while not self.stopping.is_set():
                for queue in pending:
                    self.start_work(queue)
                self.stopping.wait(DEBOUNCE if pending else 0)
                notified = {notice.payload for notice in listening.notifies(timeout=POLL_INTERVAL, stop_after=1)}
                pending = self.queues & notified


class QueueRunner:
    """Run a queue's work in a thread pool; requests while all threads are busy are merged into one."""

    def __init__(self, queue: str, work: Callable[[str], object], *, at_once: int) -> None:
        self.queue, self.work = queue, work
        self.threads = ThreadPoolExecutor(at_once, thread_name_prefix=f"run-{queue}")
        self.is_requested = threading.Event()

    def start(self) -> None:
        if not self.is_requested.is_set():
            self.is_requested.set()
            self.threads.submit(self._run)

    def finish(self) -> None:
        """Wait for running work and drop what has not started."""
        self.threads.shutdown(cancel_futures=True)

    def _run(self) -> None:
        self.is_requested.clear()
        close_old_connections()
        try:
            self.work(self.queue)
        except Exception:
            logger.exception("Work on the queue %s failed; the periodic sweep retries it", self.queue)
        finally:
            close_old_connections()
