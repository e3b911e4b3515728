"""The live feed under load, on a database of its own: `python -m benchmarks.feed [crowd | deaf | storm]`."""

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
from tests.support.flaky_clients import Nomad, on_the_way, write
from tests.support.programs import Program
from tests.support.races import together
from tests.support.server import WebServer, web_servers
from tests.support.valkey import own_valkey


def crowd(ravi: User, *, sockets: int = 1000, a_second: int = 5, seconds: int = 20) -> None:
    """1,000 sockets on one web process, 5 changes a second."""
    with web_servers(1) as (server,):
        before, used = memory(server), processor_time(server)
        listeners = Path(__file__).with_name("feed_listeners.py")
        wanted = ["127.0.0.1", str(server.port), token_of(ravi), str(sockets), str(a_second * seconds)]
        clients = Program([sys.executable, str(listeners), *wanted], os.environ)
        assert clients.has_said("ready", seconds=120), clients.lines
        took, used = clients.lines[0].split()[1], processor_time(server) - used
        say(f"{sockets} sockets: {memory(server) - before:.0f} MiB, connected in {took} s ({used:.1f} s of a core)")
        used, began = processor_time(server), time.monotonic()
        for number in range(a_second * seconds):
            time.sleep(max(0.0, began + number / a_second - time.monotonic()))
            change(ravi)
        assert clients.has_said("received", seconds=120), clients.lines
        busy = (processor_time(server) - used) / (time.monotonic() - began)
        say(f"{a_second} changes a second to each, in ms: {clients.lines[-1]}")
        say(f"the web process used {busy:.0%} of one core and has {memory(server):.0f} MiB (idle: {before:.0f})")
        clients.stop()


def deaf(ravi: User, *, sockets: int = 100, changes: int = 20_000) -> None:
    """100 clients that read nothing, beside one that does, and 20,000 changes."""
    with web_servers(1, FEED_STUCK_SECONDS="60") as (server,), ExitStack() as open_sockets:
        token = token_of(ravi)
        for _ in range(sockets):
            open_sockets.enter_context(
                Watcher(server, token=token, sock=narrow(server), max_queue=1, ping_interval=None, close_timeout=0.1)
            )
        healthy = open_sockets.enter_context(Watcher(server, token=token))
        before, began = memory(server), time.monotonic()
        many_changes(ravi, changes)
        newest = healthy.frame_of("hello")["seq"]
        assert healthy.seqs(changes, seconds=300) == list(range(newest + 1, newest + changes + 1))
        say(f"{changes} changes in {time.monotonic() - began:.1f} s to the healthy one; {sockets} deaf ones cost", "")
        say(f"{memory(server) - before:.0f} MiB until they are closed")
        server.program.kill()


def storm(ravi: User, *, clients: int = 20, writers: int = 8, each: int = 125, phases: int = 5) -> None:
    """5,000 changes by 8 writers to 20 clients with random cuts, while two web processes and Redis are killed."""
    total = writers * each * phases
    with own_valkey() as valkey, web_servers(2, REDIS_URL=valkey.url) as servers:
        nomads = [Nomad(number, servers, token_of(ravi), total) for number in range(clients)]
        mishaps = [
            valkey.kill,
            valkey.freeze,
            partial(power_cut, servers[0]),
            valkey.thaw,
            partial(power_cut, servers[1]),
        ]
        began = time.monotonic()
        with on_the_way(nomads, seconds=600):
            for mishap in mishaps:
                together(*[partial(write, ravi, each)] * writers)
                mishap()
            written = time.monotonic()
        ended = time.monotonic()
        complete = sum(nomad.got == list(range(1, total + 1)) for nomad in nomads)
        cuts = sum(nomad.connections - 1 for nomad in nomads)
        say(f"{complete} of {clients} clients have all {total} changes in order, after {cuts} cuts;")
        say(f"written in {written - began:.1f} s, all delivered {ended - written:.1f} s after the last")
        assert complete == clients


def power_cut(server: WebServer) -> None:
    server.program.kill()
    server.start()
    server.wait_until_ready()


def narrow(server: WebServer) -> socket.socket:
    """A connection that soon is full."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    return connection


def memory(server: WebServer) -> float:
    """Of the web process now, in MiB."""
    status = Path(f"/proc/{server.program.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def processor_time(server: WebServer) -> float:
    """Of the web process so far, in seconds."""
    fields = Path(f"/proc/{server.program.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + (end or " "))
    sys.stdout.flush()


SCENES: dict[str, Callable[[User], None]] = {"storm": storm, "crowd": crowd, "deaf": deaf}


def main(names: list[str]) -> None:
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # cuts are what the clients are made for
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        ravi = factories.vle("+919876543210", "Ravi")
        factories.works_in(factories.territory("pune", "411"), ravi)
        for name in names or SCENES:
            say(f"--- {name}: {SCENES[name].__doc__}")
            SCENES[name](ravi)
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
