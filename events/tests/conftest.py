"""Pune, where Ravi works, watched over two web processes."""

import pytest

from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher
from tests.support.server import web_servers
from tests.support.valkey import own_valkey

# A slow client has so long to read what lies before it, and the machine has other work.
QUICK = {"FEED_STUCK_SECONDS": "3", "FEED_HEARTBEAT_SECONDS": "1"}
TIGHT = {"FEED_SOCKETS_PER_USER": "25", "RATE_LIMIT_MESSAGE": "150", "FEED_MESSAGES_PER_SOCKET": "100"}


@pytest.fixture(scope="package")
def valkey():
    """A Redis that only the web processes below use."""
    with own_valkey() as own:
        yield own


@pytest.fixture(scope="package")
def servers(django_db_setup, valkey):
    """Two web processes; what they are to see must be committed."""
    with web_servers(2, REDIS_URL=valkey.url, **QUICK, **TIGHT) as two:
        yield two


@pytest.fixture
def server(servers):
    return servers[0]


@pytest.fixture
def watched_pune(ravi):
    territory = factories.territory("pune", "411")
    factories.works_in(territory, ravi)
    return territory


@pytest.fixture
def watch(servers, watched_pune, ravi):
    """`watch(since=7)` is a client of Ravi's, on the first of the two processes unless told otherwise."""
    opened = []

    def open_one(*, since=None, on=0, territory="pune", **options):
        query = f"territory={territory}" + ("" if since is None else f"&since={since}")
        opened.append(Watcher(servers[on], query, **({"token": token_of(ravi)} | options)))
        return opened[-1]

    yield open_one
    for watcher in opened:
        watcher.close()
