"""Servers in a folder of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devservers import services
from devservers.postgres import Postgres
from devservers.service import Service
from devservers.tests.support import IDLE_SECONDS, ROOT
from devservers.valkey import Valkey


@pytest.fixture
def var() -> Iterator[Path]:
    """Yield a folder in var/test, which the servers' account can enter like any project outside of /root."""
    parent = ROOT / "var/test"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="devservers-", dir=parent))
    folder.chmod(0o711)
    yield folder
    for service in services(folder):
        service.disconnect()
        service.remove()
    shutil.rmtree(folder)


@pytest.fixture
def valkey(var: Path) -> Service:
    return Service(Valkey(), var / "valkey", idle_seconds=IDLE_SECONDS)


@pytest.fixture
def postgres(var: Path) -> Service:
    return Service(Postgres(), var / "postgres", idle_seconds=IDLE_SECONDS)
