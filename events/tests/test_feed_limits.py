"""What clients may say, and what becomes of those who do not listen."""

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
    """One whose minute has hardly begun: limits count in whole minutes, which begin at another second for each."""

    def seconds_left(name: str) -> int:  # as django-ratelimit counts
        return (zlib.crc32(name.encode()) - int(time.time())) % 60

    names = (secrets.token_hex(4) for _ in range(999))
    territory = factories.territory(next(name for name in names if seconds_left(name) > 40))
    factories.works_in(territory, ravi)
    return territory


def answers(watcher, messages) -> list[str]:
    """The answer to each message: the type of a frame, or the code of an error."""
    for message in messages:
        watcher.say(message)
    frames = (watcher.frame() for _ in range(10_000))
    told = (frame.get("type") or frame["error"]["code"] for frame in frames)
    replies = (word for word in told if word not in {"hello", "heartbeat"})
    return [next(replies) for _ in messages]


def test_a_ping_is_answered(watch):
    assert answers(watch(), [PING]) == ["pong"]


def test_what_is_not_understood_is_an_error_and_nobodys_end(watch):
    nonsense = ["", "x", "{", "[]", "null", "1" * 5000, '"ping"', '{"type":"pong"}', "[" * 60_000, b"ping", b"\xff" * 9]
    watcher = watch()
    assert answers(watcher, nonsense) == ["VALIDATION_ERROR"] * len(nonsense)
    assert answers(watcher, [PING]) == ["pong"]


def test_messages_are_at_most_64_kib(watch):
    fitting, too_large = watch(), watch()
    assert answers(fitting, [json.dumps({"type": "ping", "x": "x" * (65536 - 25)})]) == ["pong"]
    too_large.say("x" * 65537)
    assert too_large.close_code() == 1009


def test_a_socket_may_say_so_many_things_a_minute(watch, fresh_territory):
    watcher = watch(territory=fresh_territory.pk)
    assert answers(watcher, [PING] * 102) == ["pong"] * 100 + ["RATE_LIMITED"] * 2
    assert answers(watch(territory=fresh_territory.pk), [PING]) == ["pong"]


def test_the_limit_of_a_territory_counts_over_all_processes(watch, fresh_territory):
    watchers = [watch(territory=fresh_territory.pk, on=number) for number in (0, 1)]
    said = [answers(watcher, [PING] * 90) for watcher in watchers]
    assert said == [["pong"] * 90, ["pong"] * 60 + ["RATE_LIMITED"] * 30]


def test_messages_are_answered_while_redis_is_frozen(watch, valkey):
    valkey.freeze()
    try:
        assert answers(watch(), [PING] * 3) == ["pong"] * 3
    finally:
        valkey.thaw()


def test_nobody_opens_sockets_without_end(watch, ravi):
    token = token_of(ravi)
    several = [watch(token=token) for _ in range(25)]
    one_more = watch(token=token)
    assert (one_more.refusal(), one_more.close_code()) == ("RATE_LIMITED", 4429)
    assert answers(several[-1], [PING]) == ["pong"]


def test_who_does_not_read_is_closed_and_comes_back_and_nobody_else_notices(server, watch, ravi):
    """20,000 frames of 250 bytes are more than the buffers between us take."""
    token, count = token_of(ravi), 20_000
    healthy = watch(token=token)
    lazy = {"max_queue": 1, "ping_interval": None, "close_timeout": 0.1}
    slow, deaf = (watch(token=token, sock=narrow(server), **lazy) for _ in range(2))
    assert is_held_by(server, deaf)
    many_changes(ravi, count)
    assert healthy.seqs(count, seconds=60) == list(range(1, count + 1))
    assert server.program.has_said("4408 Too slow", times=2, seconds=15)
    got, code = read_to_the_end(slow)
    assert (got, code) == (list(range(1, len(got) + 1)), 4408)
    assert wait_until(lambda: not is_held_by(server, deaf), seconds=5)
    back = watch(token=token, since=got[-1])
    assert back.seqs(count - len(got)) == list(range(len(got) + 1, count + 1))
    change(ravi)
    assert (healthy.seqs(1), back.seqs(1)) == ([count + 1], [count + 1])


def narrow(server) -> socket.socket:
    """A connection that soon is full."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    return connection


def is_held_by(server, watcher) -> bool:
    """Whether the server still has its end of the connection; what the system yet tries to send does not count."""
    port = f":{watcher.socket.socket.getsockname()[1]:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    inodes = {f"socket:[{line[9]}]" for line in lines if line[2].endswith(port)}
    return not inodes.isdisjoint(open_files(server.program.process.pid))


def open_files(pid: int) -> Iterator[str]:
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield str(file.readlink())


def read_to_the_end(watcher) -> tuple[list[int], int]:
    got = []
    try:
        while True:
            got += watcher.seqs(1)
    except ConnectionClosed as closed:
        return got, closed.rcvd.code
