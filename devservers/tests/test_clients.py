"""A server runs as long as any process uses it, and no longer."""

import shutil

import redis

from devservers import locks
from devservers.launch import last_pids
from devservers.processes import wait_until
from devservers.service import Service
from devservers.tests.support import Client, all_ended


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
    assert not wait_until(lambda: valkey.url() is None, seconds=0.6), "one client still runs"
    assert redis.from_url(url).ping()
    second.end()
    assert wait_until(lambda: valkey.url() is None and all_ended(pids), seconds=5)


def test_a_client_shorter_than_the_polling_interval_counts_too(valkey: Service) -> None:
    slow = Service(valkey.server, valkey.folder, idle_seconds=2)  # polls every half second
    slow.connect()
    locks.release_shared(valkey.folder / "clients.lock")
    wait_until(lambda: False, seconds=1.6)
    locks.hold_shared(valkey.folder / "clients.lock")
    locks.release_shared(valkey.folder / "clients.lock")
    assert not wait_until(lambda: valkey.url() is None, seconds=1.2)
    assert wait_until(lambda: valkey.url() is None, seconds=5)


def test_a_killed_client_does_not_keep_the_server_running(valkey: Service) -> None:
    client = Client(valkey)
    client.url()
    pids = last_pids(valkey.folder)
    client.process.kill()
    client.end()
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_disconnecting_stops_the_server_at_once_unless_others_use_it(valkey: Service) -> None:
    slow = Service(valkey.server, valkey.folder, idle_seconds=60)
    slow.connect()
    other = Client(valkey)
    other.url()
    assert not slow.disconnect()
    other.end()
    assert slow.disconnect()
    assert all_ended(last_pids(valkey.folder))


def test_deleting_the_folder_stops_the_server(valkey: Service) -> None:
    valkey.connect()
    pids = last_pids(valkey.folder)
    shutil.rmtree(valkey.folder)
    assert wait_until(lambda: all_ended(pids), seconds=5)
