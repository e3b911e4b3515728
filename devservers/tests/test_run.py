"""What `make run` prints."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from devservers import welcome
from devservers.tests.support import ROOT


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_reported_with_the_remedy(taken_port: int) -> None:
    environment = os.environ | {"PORT": str(taken_port), "DJANGO_SETTINGS_MODULE": "kissanmitra.settings"}
    command = [sys.executable, "-m", "devservers.run"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == (
        f"Port {taken_port} of 127.0.0.1 cannot be used: Address already in use.\nUse another one: make run PORT=8090\n"
    )


def test_only_the_demo_shows_logins(settings: Any) -> None:
    assert "123456" not in welcome.render(8080)
    settings.DEMO, settings.OTP_FIXED_CODE = True, "123456"
    assert "+919876543200  ADMIN" in welcome.render(8080) and "123456" in welcome.render(8080)
