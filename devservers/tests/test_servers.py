"""The embedded servers against real processes: shared by many, left behind by none, back after a kill."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

import devservers as embedded
from devservers import EmbeddedServerError, locks
from devservers.launch import last_pids
from devservers.postgres import Postgres
from devservers.processes import wait_until
from devservers.service import Service
from devservers.valkey import Valkey

PACKAGE = Path(embedded.__file__).parent
# As a package of its own it imports neither Celery nor Django: a client of 40 ms.
CLIENT = f"""
import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})
from pathlib import Path
from devservers.service import Service
from devservers.valkey import Valkey
print(Service(Valkey(), Path(sys.argv[1]), linger=0.2).connect(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder under var/, which the servers' account can reach as it can reach a user's."""
    parent = PACKAGE.parent / "var/test"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="embedded-", dir=parent))
    folder.chmod(0o711)
    yield folder
    for service in embedded.services(folder):
        service.leave()
        service.remove()
    shutil.rmtree(folder)


@pytest.fixture
def valkey(var: Path) -> Service:
    return Service(Valkey(), var / "valkey", linger=0.2)


@pytest.fixture
def postgres(var: Path) -> Service:
    return Service(Postgres(), var / "postgres", linger=0.2)


class Client:
    """Another process that uses the Valkey of a service."""

    def __init__(self, service: Service) -> None:
        command = [sys.executable, "-c", CLIENT, str(service.folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def url(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.communicate()


def has_ended(pid: int) -> bool:
    with suppress(OSError):
        return ") Z" in Path(f"/proc/{pid}/stat").read_text()
    return True


def all_ended(pids: list[int]) -> bool:
    return all(map(has_ended, pids))


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: all_ended(list(pids)), seconds=5)


def test_many_processes_at_once_share_one_server(valkey: Service) -> None:
    clients = [Client(valkey) for _ in range(8)]
    urls = {client.url() for client in clients}
    for client in clients:
        client.end()
    assert len(urls) == 1 and urls.pop().startswith("redis://:")


def test_the_server_stops_after_its_last_client(valkey: Service) -> None:
    first, second = Client(valkey), Client(valkey)
    url, _ = first.url(), second.url()
    pids = last_pids(valkey.folder)
    first.end()
    assert not wait_until(lambda: valkey.url() is None, seconds=0.6), "one client still lived"
    assert redis.from_url(url).ping()
    second.end()
    assert wait_until(lambda: valkey.url() is None and all_ended(pids), seconds=5)


def test_a_client_too_short_to_be_seen_counts_too(valkey: Service) -> None:
    patient = Service(valkey.server, valkey.folder, linger=2)  # looks every half second
    patient.connect()
    locks.unshare(valkey.folder / "clients.lock")
    wait_until(lambda: False, seconds=1.6)
    locks.share(valkey.folder / "clients.lock")
    locks.unshare(valkey.folder / "clients.lock")
    assert not wait_until(lambda: valkey.url() is None, seconds=1.2)
    assert wait_until(lambda: valkey.url() is None, seconds=5)


def test_a_killed_client_counts_as_gone(valkey: Service) -> None:
    client = Client(valkey)
    client.url()
    pids = last_pids(valkey.folder)
    client.process.kill()
    client.end()
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_leaving_stops_the_server_at_once_unless_others_use_it(valkey: Service) -> None:
    patient = Service(valkey.server, valkey.folder, linger=60)
    patient.connect()
    other = Client(valkey)
    other.url()
    assert not patient.leave()
    other.end()
    assert patient.leave()
    assert all_ended(last_pids(valkey.folder))


def test_a_second_start_keeps_data_password_and_port(valkey: Service) -> None:
    url = valkey.connect()
    redis.from_url(url).set("crop", "onion")
    valkey.stop()
    assert valkey.connect() == url
    assert redis.from_url(url).get("crop") == b"onion"


def test_a_taken_port_is_left_to_its_new_owner(valkey: Service) -> None:
    url = valkey.connect()
    valkey.stop()
    with socket.create_server(("127.0.0.1", redis.from_url(url).get_connection_kwargs()["port"])):
        other = valkey.connect()
    assert other != url
    assert redis.from_url(other).ping()


def test_strangers_without_the_password_are_refused(valkey: Service, postgres: Service) -> None:
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(valkey.connect().replace("redis://:", "redis://:x")).ping()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.connect().replace("kissanmitra:", "kissanmitra:x", 1))


def test_a_killed_keeper_takes_its_server_along_and_the_next_start_recovers(valkey: Service) -> None:
    redis.from_url(valkey.connect()).set("crop", "onion")
    keeper, _ = pids = last_pids(valkey.folder)
    kill(keeper)
    url = valkey.connect()
    assert all_ended(pids)
    assert redis.from_url(url).get("crop") == b"onion"


def test_a_killed_postgres_comes_back_with_what_was_committed(postgres: Service) -> None:
    url = postgres.connect()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE crop AS SELECT 'onion' AS name")
        _, killed = last_pids(postgres.folder)
        kill(killed)

    def answers() -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as again:
            return again.execute("SELECT name FROM crop").fetchone() == ("onion",)
        return False

    assert wait_until(answers, seconds=10)
    assert last_pids(postgres.folder)[1] != killed


def test_postgres_recovers_after_keeper_and_server_were_killed(postgres: Service) -> None:
    with psycopg.connect(postgres.connect(), autocommit=True) as connection:
        connection.execute("CREATE TABLE crop AS SELECT 'onion' AS name")
    kill(*last_pids(postgres.folder))
    with psycopg.connect(postgres.connect()) as connection:
        assert connection.execute("SELECT name FROM crop").fetchone() == ("onion",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its servers to another account")
def test_root_can_keep_the_project_in_a_closed_folder(var: Path) -> None:
    var.chmod(0o700)
    service = Service(Postgres(durable=False), var / "postgres")
    with psycopg.connect(service.connect()) as connection:
        row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    home = Path((service.folder / "home").read_text())
    assert row == (str(home / "data"),) and not home.is_relative_to(var)
    assert var.stat().st_mode & 0o777 == 0o700
    service.leave()
    service.remove()
    assert not home.exists()


def test_a_deleted_folder_ends_its_server(valkey: Service) -> None:
    valkey.connect()
    pids = last_pids(valkey.folder)
    shutil.rmtree(valkey.folder)
    assert wait_until(lambda: all_ended(pids), seconds=5)


class BrokenValkey(Valkey):
    def command(self, *_: object) -> list[str]:
        return ["/bin/sh", "-c", "echo No space left on device >&2; exit 1"]


def test_a_server_that_does_not_start_says_why_and_where_its_log_is(var: Path) -> None:
    service = Service(BrokenValkey(), var / "valkey")
    with pytest.raises(EmbeddedServerError, match=r"valkey/server\.log:\nNo space left on device") as refusal:
        service.connect()
    assert "Traceback" not in str(refusal.value)
    service.leave()


def test_a_system_without_any_server_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(EmbeddedServerError, match="apt-get install redis-server"):
        Service(Valkey(), var / "valkey").connect()
