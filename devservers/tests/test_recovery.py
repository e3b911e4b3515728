"""Data, password and port survive restarts and kills."""

import socket
from contextlib import suppress

import psycopg
import redis

from devservers.launch import last_pids
from devservers.processes import wait_until
from devservers.service import Service
from devservers.tests.support import all_ended, kill


def test_a_second_start_keeps_data_password_and_port(valkey: Service) -> None:
    url = valkey.connect()
    redis.from_url(url).set("crop", "onion")
    valkey.stop()
    assert valkey.connect() == url
    assert redis.from_url(url).get("crop") == b"onion"


def test_a_port_taken_by_another_program_is_replaced(valkey: Service) -> None:
    url = valkey.connect()
    valkey.stop()
    with socket.create_server(("127.0.0.1", redis.from_url(url).get_connection_kwargs()["port"])):
        other = valkey.connect()
    assert other != url
    assert redis.from_url(other).ping()


def test_a_killed_keeper_ends_its_server_and_the_next_start_recovers(valkey: Service) -> None:
    redis.from_url(valkey.connect()).set("crop", "onion")
    keeper, _ = pids = last_pids(valkey.folder)
    kill(keeper)
    url = valkey.connect()
    assert all_ended(pids)
    assert redis.from_url(url).get("crop") == b"onion"


def test_a_killed_postgres_restarts_with_all_committed_data(postgres: Service) -> None:
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
