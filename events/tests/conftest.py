"""Provide the territory Pune with its member Ravi, and clients of its feed on two web processes."""

import pytest

from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher
from tests.support.server import web_servers
from tests.support.valkey import own_valkey

# A slow client must have enough time to read the frames before the gap, also on a busy machine.
SHORT_TIMEOUTS = {"FEED_STUCK_SECONDS": "3", "FEED_HEARTBEAT_SECONDS": "1"}
LOW_LIMITS = {"FEED_SOCKETS_PER_USER": "25", "RATE_LIMIT_MESSAGE": "150", "FEED_MESSAGES_PER_SOCKET": "100"}


@pytest.fixture(scope="package")
def valkey():
    """Start a Redis that only the web processes below use."""
    with own_valkey() as own:
        yield own


@pytest.fixture(scope="package")
def servers(django_db_setup, valkey):
    """Start two web processes. They see committed rows only."""
    with web_servers(2, REDIS_URL=valkey.url, **SHORT_TIMEOUTS, **LOW_LIMITS) as processes:
        yield processes


@pytest.fixture
def server(servers):
    return servers[0]


@pytest.fixture
def pune(ravi):
    territory = factories.territory("pune", "411")
    factories.works_in(territory, ravi)
    return territory


@pytest.fixture
def watch(servers, pune, ravi):
    """Return a function: `watch(since=7, on=1)` connects Ravi to the second process (by default to the first)."""
    opened = []

    def open_one(*, since=None, on=0, territory="pune", **options):
        query = f"territory={territory}" + ("" if since is None else f"&since={since}")
        opened.append(Watcher(servers[on], query, **({"token": token_of(ravi)} | options)))
        return opened[-1]

    yield open_one
    for watcher in opened:
        watcher.close()
