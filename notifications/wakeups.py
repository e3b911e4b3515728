"""From a commit to its delivery without a broker in between: PostgreSQL tells the workers that texts are waiting."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import close_old_connections

from core.database import listening_parameters
from notifications.services import WAKE_UP_CHANNEL

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 30  # seconds between two attempts to reach the database
DELIVERIES_AT_ONCE = 4  # per queue: a slow provider must not hold up what comes next
SAME_BURST = 0.1  # seconds: what is heard within is one wake-up, however often it was said
PATIENCE = 1  # seconds of silence after which to look whether the worker stops


class Listener(threading.Thread):
    """Calls `start(queue)` for its queues when they are named on the channel, and once at every connecting.

    Listens on a connection of its own, which needs a session: no transaction pooler in between.
    """

    def __init__(self, queues: Collection[str], start: Callable[[str], None], stopping: threading.Event):
        super().__init__(name="sms-listener", daemon=True)
        self.queues, self.start_delivery, self.stopping = frozenset(queues), start, stopping
        self.pause = 1

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                logger.warning("Not hearing of new SMS, the timer has to do: %s", type(error).__name__)
            except Exception:
                logger.exception("Not hearing of new SMS, the timer has to do")
            self.stopping.wait(self.pause)
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _listen(self) -> None:
        with psycopg.connect(**listening_parameters(), autocommit=True) as connection:
            connection.execute(f"LISTEN {WAKE_UP_CHANNEL}")
            self.pause = 1
            heard = self.queues  # whatever was said while nobody listened
            while not self.stopping.is_set():
                for queue in heard:
                    self.start_delivery(queue)
                self.stopping.wait(SAME_BURST if heard else 0)
                said = {notice.payload for notice in connection.notifies(timeout=PATIENCE, stop_after=1)}
                heard = self.queues & said


class Deliveries:
    """Threads that deliver one queue; told often before one of them is free is told once."""

    def __init__(self, queue: str, deliver: Callable[[str], object]):
        self.queue, self.deliver = queue, deliver
        self.threads = ThreadPoolExecutor(DELIVERIES_AT_ONCE, thread_name_prefix=f"deliver-{queue}")
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
            self.deliver(self.queue)
        except Exception:
            logger.exception("A delivery broke off; the timer takes it up")
        finally:
            close_old_connections()
