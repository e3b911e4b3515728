"""`manage.py runserver` of the demo serves HTTP and WebSockets."""

import sys
from collections.abc import Iterator

import pytest

from accounts.models import User
from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher
from tests.support.programs import ROOT, Program
from tests.support.server import WebServer

pytestmark = pytest.mark.django_db(transaction=True)


class Runserver(WebServer):
    def start(self) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "runserver", "--noreload", str(self.port)]
        self.program = Program(command, self._environment)


@pytest.fixture
def runserver(django_db_setup: None) -> Iterator[Runserver]:
    server = Runserver(KISSANMITRA_DEMO="1")
    yield server
    server.program.stop()


def test_runserver_serves_http_and_the_live_feed(runserver: Runserver, ravi: User) -> None:
    factories.works_in(factories.territory("pune", "411"), ravi)
    runserver.wait_until_ready()
    with Watcher(runserver, token=token_of(ravi)) as watcher:
        assert watcher.frame()["type"] == "hello"
