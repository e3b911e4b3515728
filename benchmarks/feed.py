"""Measure the live feed, on a database of its own: `python -m benchmarks.feed [sockets | slow | reconnects]`."""

import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from django.test.utils import setup_databases, teardown_databases

from accounts.models import User
from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher, change, many_changes
from tests.support.flaky_clients import FlakyClient, running, write
from tests.support.programs import Program
from tests.support.races import together
from tests.support.server import WebServer, web_servers
from tests.support.valkey import own_valkey


def many_sockets(ravi: User, *, sockets: int = 1000, per_second: int = 5, seconds: int = 20) -> None:
    """Send 5 changes per second to 1,000 sockets of one web process."""
    with web_servers(1) as (server,):
        idle, used = memory(server), cpu_seconds(server)
        clients = start_listeners(server, token_of(ravi), sockets, frames=per_second * seconds)
        connected, used = clients.lines[0].split()[1], cpu_seconds(server) - used
        report(
            f"{sockets} sockets: {memory(server) - idle:.0f} MiB, connected in {connected} s ({used:.1f} s of a core)"
        )
        used, started = cpu_seconds(server), time.monotonic()
        for number in range(per_second * seconds):
            time.sleep(max(0.0, started + number / per_second - time.monotonic()))
            change(ravi)
        assert clients.wait_for_output("received", seconds=120), clients.lines
        load = (cpu_seconds(server) - used) / (time.monotonic() - started)
        report(f"{per_second} changes per second to each, in ms: {clients.lines[-1]}")
        report(f"the web process used {load:.0%} of one core and has {memory(server):.0f} MiB (idle: {idle:.0f})")
        clients.stop()


def start_listeners(server: WebServer, token: str, sockets: int, *, frames: int) -> Program:
    """Start the clients in a process of their own, and wait until all are connected."""
    script = Path(__file__).with_name("feed_listeners.py")
    arguments = ["127.0.0.1", str(server.port), token, str(sockets), str(frames)]
    clients = Program([sys.executable, str(script), *arguments], os.environ)
    assert clients.wait_for_output("ready", seconds=120), clients.lines
    return clients


def slow_clients(ravi: User, *, sockets: int = 100, changes: int = 20_000) -> None:
    """Send 20,000 changes to one client that reads and 100 that do not."""
    with web_servers(1, FEED_STUCK_SECONDS="60") as (server,), ExitStack() as open_sockets:
        token = token_of(ravi)
        for _ in range(sockets):
            open_sockets.enter_context(
                Watcher(server, token=token, sock=narrow(server), max_queue=1, ping_interval=None, close_timeout=0.1)
            )
        healthy = open_sockets.enter_context(Watcher(server, token=token))
        before, started = memory(server), time.monotonic()
        many_changes(ravi, changes)
        newest = healthy.frame_of("hello")["seq"]
        assert healthy.seqs(changes, seconds=300) == list(range(newest + 1, newest + changes + 1))
        report(f"{changes} changes in {time.monotonic() - started:.1f} s to the client that reads;")
        report(f"the {sockets} others cost {memory(server) - before:.0f} MiB until they are closed")
        server.program.kill()


def reconnects(ravi: User, *, clients: int = 20, writers: int = 8, each: int = 125, phases: int = 5) -> None:
    """Send 5,000 changes by 8 writers to 20 clients with random cuts, while two web processes and Redis are killed."""
    total = writers * each * phases
    with own_valkey() as valkey, web_servers(2, REDIS_URL=valkey.url) as servers:
        flaky = [FlakyClient(number, servers, token_of(ravi), total) for number in range(clients)]
        failures: list[Callable[[], None]] = [
            valkey.kill,
            valkey.freeze,
            partial(kill, servers[0]),
            valkey.thaw,
            partial(kill, servers[1]),
        ]
        started = time.monotonic()
        with running(flaky, seconds=600):
            for fail in failures:
                together(*[partial(write, ravi, each)] * writers)
                fail()
            written = time.monotonic()
        ended = time.monotonic()
    complete = sum(client.received == list(range(1, total + 1)) for client in flaky)
    cuts = sum(client.connections - 1 for client in flaky)
    report(f"{complete} of {clients} clients have all {total} changes in order, after {cuts} cuts;")
    report(f"written in {written - started:.1f} s, all delivered {ended - written:.1f} s after the last")
    assert complete == clients


def kill(server: WebServer) -> None:
    """Kill the server and wait until it is ready again."""
    server.program.kill()
    server.start()
    server.wait_until_ready()


def narrow(server: WebServer) -> socket.socket:
    """Connect with a small receive buffer, which fills up quickly."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    return connection


def memory(server: WebServer) -> float:
    """Return the resident memory of the web process in MiB."""
    status = Path(f"/proc/{server.program.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def cpu_seconds(server: WebServer) -> float:
    """Return the processor time that the web process has used."""
    fields = Path(f"/proc/{server.program.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


BENCHMARKS: dict[str, Callable[..., None]] = {
    "reconnects": reconnects,
    "sockets": many_sockets,
    "slow": slow_clients,
}


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all of them."""
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # the clients cut their connections on purpose
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        ravi = factories.vle("+919876543210", "Ravi")
        factories.works_in(factories.territory("pune", "411"), ravi)
        for name in names or BENCHMARKS:
            report(f"--- {name}: {BENCHMARKS[name].__doc__}")
            BENCHMARKS[name](ravi)
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
