"""Who may connect, where the data lies, and what a failed start reports."""

import os
from pathlib import Path

import psycopg
import pytest
import redis

from devservers import EmbeddedServerError
from devservers.postgres import Postgres
from devservers.service import Service
from devservers.valkey import Valkey


def test_a_wrong_password_is_refused(valkey: Service, postgres: Service) -> None:
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(valkey.connect().replace("redis://:", "redis://:x")).ping()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.connect().replace("kissanmitra:", "kissanmitra:x", 1))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs its servers as another account")
def test_root_can_keep_the_project_in_a_closed_folder(var: Path) -> None:
    var.chmod(0o700)
    service = Service(Postgres(durable=False), var / "postgres")
    with psycopg.connect(service.connect()) as connection:
        row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    home = Path((service.folder / "home").read_text())
    assert row == (str(home / "data"),) and not home.is_relative_to(var)
    assert var.stat().st_mode & 0o777 == 0o700
    service.disconnect()
    service.remove()
    assert not home.exists()


class BrokenValkey(Valkey):
    def command(self, *_: object) -> list[str]:
        return ["/bin/sh", "-c", "echo No space left on device >&2; exit 1"]


def test_a_server_that_does_not_start_reports_the_reason_and_its_log(var: Path) -> None:
    service = Service(BrokenValkey(), var / "valkey")
    with pytest.raises(EmbeddedServerError, match=r"valkey/server\.log:\nNo space left on device") as error:
        service.connect()
    assert "Traceback" not in str(error.value)
    service.disconnect()


def test_a_system_without_any_server_reports_what_to_install(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(EmbeddedServerError, match="apt-get install redis-server"):
        Service(Valkey(), var / "valkey").connect()
