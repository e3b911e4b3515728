"""`make run` with light programs in place of the servers: it stops everything, however it is asked to."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devservers import run, welcome
from devservers.processes import wait_until
from devservers.tests.test_servers import all_ended

ROOT = Path(run.__file__).parents[1]
SUPERVISE = """
import os, sys
from devservers import supervisor
supervisor.STOP_SECONDS = 1
print("ready", flush=True)
programs = dict(argument.split("=", 1) for argument in sys.argv[1:])
ended = supervisor.Supervisor(os.environ).run({name: ["/bin/sh", "-c", text] for name, text in programs.items()})
sys.exit(f"{ended.name} {ended.process.returncode} {list(ended.last_words)}" if ended else 0)
"""
HEARD_BY_ANOTHER_THREAD = """
import os, signal, sys, threading, time
from devservers.supervisor import Supervisor
main = threading.main_thread().ident
def request():
    while sys._current_frames()[main].f_code.co_name != "_first_event":
        time.sleep(0)  # lets the main thread go on
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
Supervisor(os.environ).run({"web": ["sleep", "600"]}, meanwhile=request)
"""
FAMILY = "sleep 600 & echo $$ $!; wait"  # prints its pid and its child's
STUBBORN = "trap '' TERM; echo $$ $$; while :; do sleep 0.1; done"


class Supervised:
    """A supervisor of shell programs, in a process group of its own as under a terminal."""

    def __init__(self, **programs: str) -> None:
        command = [sys.executable, "-c", SUPERVISE, *(f"{name}={text}" for name, text in programs.items())]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def pids(self, lines: int) -> list[int]:
        assert self.process.stdout is not None
        return [int(word) for _ in range(lines) for word in self.process.stdout.readline().split("|")[1].split()]

    def end(self) -> tuple[int, str]:
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_ends_every_program_and_its_children(request_to_stop: int) -> None:
    supervised = Supervised(web=FAMILY, worker=FAMILY)
    pids = supervised.pids(lines=2)
    supervised.process.send_signal(request_to_stop)
    assert supervised.end() == (0, "")
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_ctrl_c_reaches_the_whole_group_and_make_repeats_it() -> None:
    supervised = Supervised(web=FAMILY, worker=FAMILY)
    pids = supervised.pids(lines=2)
    for _ in range(2):
        os.killpg(supervised.process.pid, signal.SIGINT)
    assert supervised.end() == (0, "")
    assert wait_until(lambda: all_ended(pids), seconds=5)


@pytest.mark.parametrize("milliseconds", [0, 3, 6, 12])
def test_a_request_during_the_start_is_not_lost(milliseconds: int, tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    supervised = Supervised(**dict.fromkeys(("web", "otp", "notices", "beat"), f"echo $$ >> {noted}; {FAMILY}"))
    time.sleep(milliseconds / 1000)  # the moment is what is tested, nothing is waited for
    supervised.process.terminate()
    code, _ = supervised.end()
    assert code in {0, -signal.SIGTERM}, "before its first line of work, the signal simply ends it"
    pids = [int(pid) for pid in noted.read_text().split()] if noted.exists() else []
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_a_request_that_does_not_wake_the_waiting_supervisor_is_not_lost() -> None:
    command = [sys.executable, "-c", HEARD_BY_ANOTHER_THREAD]
    assert subprocess.run(command, cwd=ROOT, timeout=20, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_a_program_that_fails_ends_the_others_and_is_named() -> None:
    supervised = Supervised(web=FAMILY, worker="sleep 0.2; echo no disk left; exit 3")
    pids = supervised.pids(lines=1)
    assert supervised.end() == (1, "worker 3 ['no disk left\\n']\n")
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_a_program_deaf_to_requests_is_killed() -> None:
    supervised = Supervised(web=STUBBORN, worker=FAMILY)
    pids = supervised.pids(lines=2)
    supervised.process.terminate()
    assert supervised.end() == (0, "")
    assert wait_until(lambda: all_ended(pids), seconds=5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_programs_do_not_outlive_a_killed_supervisor() -> None:
    supervised = Supervised(web="echo $$ $$; exec sleep 600")
    pids = supervised.pids(lines=1)
    supervised.process.kill()
    supervised.end()
    assert wait_until(lambda: all_ended(pids), seconds=5)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_named_with_the_way_out(taken_port: int) -> None:
    environment = os.environ | {"PORT": str(taken_port), "DJANGO_SETTINGS_MODULE": "kissanmitra.settings"}
    command = [sys.executable, "-m", "devservers.run"]
    refusal = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert refusal.returncode == 1
    assert refusal.stderr == (
        f"Port {taken_port} of 127.0.0.1 cannot be used: Address already in use.\n"
        "Go on with another one: make run PORT=8090\n"
    )


def test_only_the_demo_shows_logins(settings: Any) -> None:
    assert "123456" not in welcome.text(8080)
    settings.DEMO, settings.OTP_FIXED_CODE = True, "123456"
    assert "+919876543200  ADMIN" in welcome.text(8080) and "123456" in welcome.text(8080)
