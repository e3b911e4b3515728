"""Test twenty clients on bad networks while servers and Redis are killed: each receives every change in order."""

from functools import partial

import pytest

from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher
from tests.support.flaky_clients import FlakyClient, running, write
from tests.support.races import together

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, WRITERS, PHASES, CHANGES_PER_WRITER = 20, 4, 5, 25
TOTAL = WRITERS * PHASES * CHANGES_PER_WRITER


def test_every_client_receives_every_change_once_and_in_order(servers, valkey, pune, ravi):
    tokens = [token_of(person) for person in (ravi, *members(pune, 3))]
    clients = [FlakyClient(number, servers, tokens[number % 4], TOTAL) for number in range(CLIENTS)]
    failures = [valkey.kill, valkey.freeze, partial(kill, servers[0]), valkey.thaw, partial(stop, servers[1])]
    try:
        with Watcher(servers[1], token=tokens[0]) as steady, running(clients, seconds=60):
            for fail in failures:
                together(*[partial(write, ravi, CHANGES_PER_WRITER)] * WRITERS)
                fail()
            assert steady.close_code() == 1012
    finally:
        start_stopped(servers)
    assert [client.received for client in clients] == [list(range(1, TOTAL + 1))] * CLIENTS
    assert set.union(*(client.codes for client in clients)) <= {1006, 1012}


def members(territory, count) -> list:
    people = [factories.vle(f"+9198765443{number:02}", f"Member {number}") for number in range(count)]
    for person in people:
        factories.works_in(territory, person)
    return people


def kill(server) -> None:
    """Kill and start the server, as after a power cut."""
    server.program.kill()
    server.start()


def stop(server) -> None:
    """Stop the server as a deployment does."""
    server.program.stop()
    assert not any("Traceback" in line for line in server.program.lines)


def start_stopped(servers) -> None:
    for server in servers:
        if server.program.process.poll() is not None:
            server.start()
        server.wait_until_ready()
