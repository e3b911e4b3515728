"""Clients of the feed on bad networks, and writers that sometimes change their mind."""

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


class Nomad:
    """Loses its connection again and again, and resumes, here or there, after the last number it got."""

    def __init__(self, number: int, servers: Sequence[WebServer], token: str, total: int):
        self.servers, self.token, self.total = servers, token, total
        self.random = random.Random(number)
        self.got: list[int] = []
        self.codes: set[int] = set()
        self.connections = 0
        self.may_stop = threading.Event()

    def run(self) -> None:
        """Until it has got `total` changes, or may stop."""
        while len(self.got) < self.total and not self.may_stop.is_set():
            try:
                self._stay_a_while()
            except ConnectionClosed as closed:
                self.codes.add(closed.rcvd.code if closed.rcvd else 1006)
            except (OSError, InvalidHandshake):  # this server is down: perhaps the other one is not
                self.may_stop.wait(0.1)

    def _stay_a_while(self) -> None:
        query = f"territory=pune&since={self.got[-1] if self.got else 0}"
        with Watcher(self.random.choice(self.servers), query, token=self.token, ping_interval=None) as watcher:
            self.connections += 1
            for _ in range(self.random.randint(1, self.total // 5)):
                self.got.append(watcher.frame_of("status_change", seconds=60)["seq"])
                if len(self.got) == self.total:
                    return
            watcher.socket.socket.close()  # no goodbye


@contextmanager
def on_the_way(nomads: Sequence[Nomad], *, seconds: float) -> Iterator[None]:
    """All of them run meanwhile, and have everything afterwards, within so many seconds."""
    with ThreadPoolExecutor(len(nomads)) as pool:
        running = [pool.submit(nomad.run) for nomad in nomads]
        try:
            yield
            for run in running:
                run.result(timeout=seconds)
        finally:
            for nomad in nomads:
                nomad.may_stop.set()


def write(by: User, count: int) -> None:
    """So many changes, and some that are rolled back after they had a number."""
    for number in range(count):
        if number % 7 == 0:
            with transaction.atomic():
                change(by)
                transaction.set_rollback(True)
        change(by)
