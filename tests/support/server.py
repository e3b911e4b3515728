"""Start web servers as in production, by `bin/web`, on the test database."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from tests.support.programs import ROOT, Program, environment_of_the_test

START_SECONDS = 90  # a machine busy with other tests takes its time


class WebServer:
    """Represent one web process with its own port, kept across restarts."""

    def __init__(self, **environment: str):
        self.port = _free_port()
        self.http, self.ws = f"http://127.0.0.1:{self.port}", f"ws://127.0.0.1:{self.port}"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "PATH": path, "WEB_THREADS": "4"}
        self._environment = os.environ | environment_of_the_test() | own | environment
        self.start()

    def start(self) -> None:
        self.program = Program([str(ROOT / "bin/web")], self._environment)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.program.process.poll() is None and time.monotonic() < deadline, "\n".join(self.program.lines)
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        with closing(connection), suppress(OSError):
            connection.request("GET", "/api/v1/health/live")
            answer = connection.getresponse()
            assert answer.status == 200, "\n".join([answer.read().decode(), *self.program.lines])
            return True
        return False


@contextmanager
def web_servers(count: int, **environment: str) -> Iterator[list[WebServer]]:
    """Start `count` web processes; `environment` extends that of the tests.

    The test has to commit what they are to see: mark it `django_db(transaction=True)`.
    """
    with ExitStack() as stopping:
        servers = [WebServer(**environment) for _ in range(count)]
        for server in servers:
            stopping.callback(lambda server=server: server.program.stop())
        for server in servers:
            server.wait_until_ready()
        yield servers


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
