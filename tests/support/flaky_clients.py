"""Simulate clients of the feed on bad networks, and writers that sometimes roll back."""

import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import transaction
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from accounts.models import User
from tests.support.feed import Watcher, change
from tests.support.server import WebServer


class FlakyClient:
    """Lose the connection again and again, and resume on any server after the last number received."""

    def __init__(self, number: int, servers: Sequence[WebServer], token: str, total: int):
        self.servers, self.token, self.total = servers, token, total
        self.random = random.Random(number)
        self.received: list[int] = []
        self.codes: set[int] = set()
        self.connections = 0
        self.may_stop = threading.Event()

    def run(self) -> None:
        """Reconnect until `total` changes are received, or `may_stop` is set."""
        while len(self.received) < self.total and not self.may_stop.is_set():
            try:
                self._connect_once()
            except ConnectionClosed as closed:
                self.codes.add(closed.rcvd.code if closed.rcvd else 1006)
            except (OSError, InvalidHandshake):  # this server is down, another may be up
                self.may_stop.wait(0.1)

    def _connect_once(self) -> None:
        query = f"territory=pune&since={self.received[-1] if self.received else 0}"
        with Watcher(self.random.choice(self.servers), query, token=self.token, ping_interval=None) as watcher:
            self.connections += 1
            for _ in range(self.random.randint(1, self.total // 5)):
                self.received.append(watcher.frame_of("status_change", seconds=60)["seq"])
                if len(self.received) == self.total:
                    return
            watcher.socket.socket.close()  # without a close frame


@contextmanager
def running(clients: Sequence[FlakyClient], *, seconds: float) -> Iterator[None]:
    """Run the clients during the block, and wait up to `seconds` after it until all have every change."""
    with ThreadPoolExecutor(len(clients)) as pool:
        runs = [pool.submit(client.run) for client in clients]
        try:
            yield
            for run in runs:
                run.result(timeout=seconds)
        finally:
            for client in clients:
                client.may_stop.set()


def write(by: User, count: int) -> None:
    """Record `count` changes, and some that are rolled back after they got a number."""
    for number in range(count):
        if number % 7 == 0:
            with transaction.atomic():
                change(by)
                transaction.set_rollback(True)
        change(by)
