"""From a commit to its work without a broker in between: PostgreSQL tells the workers that something waits."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import close_old_connections, connection

from core.database import listen_connection_params

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 30  # seconds between two attempts to reach the database
SAME_BURST = 0.1  # seconds: what is heard within is one wake-up, however often it was said
PATIENCE = 1  # seconds of silence after which to look whether the worker stops


def notify(channel: str, queue: str) -> None:
    """Have the workers of a queue look for work once the running transaction has committed."""
    # PostgreSQL passes this on at commit and drops it on rollback; no broker is asked inside a request.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, queue])


class Listener(threading.Thread):
    """Calls `start(queue)` for its queues when they are named on the channel, and once at every connecting.

    Listens on a connection of its own, which needs a session: no transaction pooler in between.
    """

    def __init__(
        self, channel: str, queues: Collection[str], start: Callable[[str], None], stopping: threading.Event
    ) -> None:
        super().__init__(name=f"listener-{channel}", daemon=True)
        self.channel, self.queues, self.start_work, self.stopping = channel, frozenset(queues), start, stopping
        self.pause = 1

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                logger.warning("Not hearing of %s, the timer has to do: %s", self.channel, type(error).__name__)
            except Exception:
                logger.exception("Not hearing of %s, the timer has to do", self.channel)
            self.stopping.wait(self.pause)
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _listen(self) -> None:
        with psycopg.connect(**listen_connection_params(), autocommit=True) as hearing:
            hearing.execute(f"LISTEN {self.channel}")
            self.pause = 1
            pending = self.queues  # whatever was said while nobody listened
            while not self.stopping.is_set():
                for queue in pending:
                    self.start_work(queue)
                self.stopping.wait(SAME_BURST if pending else 0)
                said = {notice.payload for notice in hearing.notifies(timeout=PATIENCE, stop_after=1)}
                pending = self.queues & said


class QueueRunner:
    """Threads that work off one queue; told often before one of them is free is told once."""

    def __init__(self, queue: str, work: Callable[[str], object], *, at_once: int) -> None:
        self.queue, self.work = queue, work
        self.threads = ThreadPoolExecutor(at_once, thread_name_prefix=f"run-{queue}")
        self.is_asked = threading.Event()

    def start(self) -> None:
        if not self.is_asked.is_set():
            self.is_asked.set()
            self.threads.submit(self._run)

    def finish(self) -> None:
        """Wait for what is under way."""
        self.threads.shutdown(cancel_futures=True)

    def _run(self) -> None:
        self.is_asked.clear()
        close_old_connections()
        try:
            self.work(self.queue)
        except Exception:
            logger.exception("Work on the queue %s broke off; the timer takes it up", self.queue)
        finally:
            close_old_connections()
