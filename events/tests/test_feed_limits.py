"""Test the limits on messages, sockets and slow clients."""

import json
import secrets
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from devservers.processes import wait_until
from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import change, many_changes

pytestmark = pytest.mark.django_db(transaction=True)

PING = '{"type":"ping"}'


@pytest.fixture
def fresh_territory(ravi):
    """Create a territory whose rate-limit minute, different for each key, has just started."""

    def seconds_left(name: str) -> int:  # as django-ratelimit counts
        return (zlib.crc32(name.encode()) - int(time.time())) % 60

    names = (secrets.token_hex(4) for _ in range(999))
    territory = factories.territory(next(name for name in names if seconds_left(name) > 40))
    factories.works_in(territory, ravi)
    return territory


def answers(watcher, messages) -> list[str]:
    """Send the messages and return the answer to each: the type of a frame, or the code of an error."""
    for message in messages:
        watcher.send(message)
    frames = (watcher.frame() for _ in range(10_000))
    types = (frame.get("type") or frame["error"]["code"] for frame in frames)
    replies = (each for each in types if each not in {"hello", "heartbeat"})
    return [next(replies) for _ in messages]


def test_a_ping_is_answered(watch):
    assert answers(watch(), [PING]) == ["pong"]


def test_an_unknown_message_is_an_error_and_the_socket_stays_open(watch):
    unknown = ["", "x", "{", "[]", "null", "1" * 5000, '"ping"', '{"type":"pong"}', "[" * 60_000, b"ping", b"\xff" * 9]
    watcher = watch()
    assert answers(watcher, unknown) == ["VALIDATION_ERROR"] * len(unknown)
    assert answers(watcher, [PING]) == ["pong"]


def test_messages_are_at_most_64_kib(watch):
    fitting, too_large = watch(), watch()
    assert answers(fitting, [json.dumps({"type": "ping", "x": "x" * (65536 - 25)})]) == ["pong"]
    too_large.send("x" * 65537)
    assert too_large.close_code() == 1009


def test_a_socket_has_a_limit_of_messages_per_minute(watch, fresh_territory):
    watcher = watch(territory=fresh_territory.pk)
    assert answers(watcher, [PING] * 102) == ["pong"] * 100 + ["RATE_LIMITED"] * 2
    assert answers(watch(territory=fresh_territory.pk), [PING]) == ["pong"]


def test_the_limit_of_a_territory_counts_across_all_processes(watch, fresh_territory):
    watchers = [watch(territory=fresh_territory.pk, on=number) for number in (0, 1)]
    replies = [answers(watcher, [PING] * 90) for watcher in watchers]
    assert replies == [["pong"] * 90, ["pong"] * 60 + ["RATE_LIMITED"] * 30]


def test_messages_are_answered_while_redis_is_frozen(watch, valkey):
    valkey.freeze()
    try:
        assert answers(watch(), [PING] * 3) == ["pong"] * 3
    finally:
        valkey.thaw()


def test_a_user_has_a_limit_of_sockets(watch, ravi):
    token = token_of(ravi)
    several = [watch(token=token) for _ in range(25)]
    one_more = watch(token=token)
    assert (one_more.error_code(), one_more.close_code()) == ("RATE_LIMITED", 4429)
    assert answers(several[-1], [PING]) == ["pong"]


def test_a_client_that_does_not_read_is_closed_and_resumes_while_others_are_unaffected(server, watch, ravi):
    """20,000 frames of 250 bytes exceed the buffers of both sockets."""
    token, count = token_of(ravi), 20_000
    healthy = watch(token=token)
    no_reading = {"max_queue": 1, "ping_interval": None, "close_timeout": 0.1}
    slow, stuck = (watch(token=token, sock=narrow(server), **no_reading) for _ in range(2))
    assert is_held_by(server, stuck)
    many_changes(ravi, count)
    assert healthy.seqs(count, seconds=60) == list(range(1, count + 1))
    assert server.program.wait_for_output("4408 Too slow", times=2, seconds=15)
    received, code = read_to_the_end(slow)
    assert (received, code) == (list(range(1, len(received) + 1)), 4408)
    assert wait_until(lambda: not is_held_by(server, stuck), seconds=5)
    resumed = watch(token=token, since=received[-1])
    assert resumed.seqs(count - len(received)) == list(range(len(received) + 1, count + 1))
    change(ravi)
    assert (healthy.seqs(1), resumed.seqs(1)) == ([count + 1], [count + 1])


def narrow(server) -> socket.socket:
    """Connect with a small receive buffer, which fills up quickly."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    return connection


def is_held_by(server, watcher) -> bool:
    """Return whether the server process has the connection open, whatever the kernel still has to send."""
    port = f":{watcher.socket.socket.getsockname()[1]:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    inodes = {f"socket:[{line[9]}]" for line in lines if line[2].endswith(port)}
    return not inodes.isdisjoint(open_files(server.program.process.pid))


def open_files(pid: int) -> Iterator[str]:
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield str(file.readlink())


def read_to_the_end(watcher) -> tuple[list[int], int]:
    received = []
    try:
        while True:
            received += watcher.seqs(1)
    except ConnectionClosed as closed:
        return received, closed.rcvd.code
