"""Twenty clients on bad networks while servers and Redis come and go: each ends with the whole list, in order."""

from functools import partial

import pytest

from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher
from tests.support.flaky_clients import Nomad, on_the_way, write
from tests.support.races import together

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, WRITERS, PHASES, EACH = 20, 4, 5, 25
TOTAL = WRITERS * PHASES * EACH


def test_every_client_gets_every_change_once_and_in_order(servers, valkey, watched_pune, ravi):
    tokens = [token_of(person) for person in (ravi, *colleagues(watched_pune, 3))]
    nomads = [Nomad(number, servers, tokens[number % 4], TOTAL) for number in range(CLIENTS)]
    mishaps = [valkey.kill, valkey.freeze, partial(power_cut, servers[0]), valkey.thaw, partial(stop, servers[1])]
    try:
        with Watcher(servers[1], token=tokens[0]) as settled, on_the_way(nomads, seconds=60):
            for mishap in mishaps:
                together(*[partial(write, ravi, EACH)] * WRITERS)
                mishap()
            assert settled.close_code() == 1012
    finally:
        bring_back(servers)
    assert [nomad.got for nomad in nomads] == [list(range(1, TOTAL + 1))] * CLIENTS
    assert set.union(*(nomad.codes for nomad in nomads)) <= {1006, 1012}


def colleagues(territory, count) -> list:
    people = [factories.vle(f"+9198765443{number:02}", f"Member {number}") for number in range(count)]
    for person in people:
        factories.works_in(territory, person)
    return people


def power_cut(server) -> None:
    server.program.kill()
    server.start()


def stop(server) -> None:
    """As a deployment does."""
    server.program.stop()
    assert not any("Traceback" in line for line in server.program.lines)


def bring_back(servers) -> None:
    for server in servers:
        if server.program.process.poll() is not None:
            server.start()
        server.wait_until_ready()
