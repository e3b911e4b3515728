"""The supervisor, with shell programs in place of the servers: it stops everything after any kind of stop request."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devservers.processes import wait_until
from devservers.tests.support import ROOT, all_ended

SUPERVISE = """
import os, sys
from devservers import supervisor
supervisor.STOP_TIMEOUT_SECONDS = 1
print("ready", flush=True)
programs = dict(argument.split("=", 1) for argument in sys.argv[1:])
ended = supervisor.Supervisor(os.environ).run({name: ["/bin/sh", "-c", text] for name, text in programs.items()})
sys.exit(f"{ended.name} {ended.process.returncode} {list(ended.last_lines)}" if ended else 0)
"""
SIGNAL_TO_ANOTHER_THREAD = """
import os, signal, sys, threading, time
from devservers.supervisor import Supervisor
main = threading.main_thread().ident
def request_stop():
    while sys._current_frames()[main].f_code.co_name != "_first_event":
        time.sleep(0)  # lets the main thread continue
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
Supervisor(os.environ).run({"web": ["sleep", "600"]}, background=request_stop)
"""
PARENT_AND_CHILD = "sleep 600 & echo $$ $!; wait"  # prints both pids
IGNORES_SIGTERM = "trap '' TERM; echo $$ $$; while :; do sleep 0.1; done"


class Supervised:
    """Run a supervisor of shell programs in its own process group, as under a terminal."""

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


@pytest.mark.parametrize("stop_request", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_request_ends_every_program_and_its_children(stop_request: int) -> None:
    supervised = Supervised(web=PARENT_AND_CHILD, worker=PARENT_AND_CHILD)
    pids = supervised.pids(lines=2)
    supervised.process.send_signal(stop_request)
    assert supervised.end() == (0, "")
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_ctrl_c_reaches_the_whole_group_and_make_repeats_it() -> None:
    supervised = Supervised(web=PARENT_AND_CHILD, worker=PARENT_AND_CHILD)
    pids = supervised.pids(lines=2)
    for _ in range(2):
        os.killpg(supervised.process.pid, signal.SIGINT)
    assert supervised.end() == (0, "")
    assert wait_until(lambda: all_ended(pids), seconds=5)


@pytest.mark.parametrize("milliseconds", [0, 3, 6, 12])
def test_a_stop_request_during_the_start_is_not_lost(milliseconds: int, tmp_path: Path) -> None:
    pid_file = tmp_path / "pids"
    programs = dict.fromkeys(("web", "otp", "notices", "beat"), f"echo $$ >> {pid_file}; {PARENT_AND_CHILD}")
    supervised = Supervised(**programs)
    time.sleep(milliseconds / 1000)  # the moment of the signal is what is tested
    supervised.process.terminate()
    code, _ = supervised.end()
    assert code in {0, -signal.SIGTERM}, "before its handlers are installed, the signal ends it"
    pids = [int(pid) for pid in pid_file.read_text().split()] if pid_file.exists() else []
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_a_signal_that_does_not_interrupt_the_waiting_supervisor_is_not_lost() -> None:
    command = [sys.executable, "-c", SIGNAL_TO_ANOTHER_THREAD]
    assert subprocess.run(command, cwd=ROOT, timeout=20, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_a_program_that_fails_ends_the_others_and_is_named() -> None:
    supervised = Supervised(web=PARENT_AND_CHILD, worker="sleep 0.2; echo no disk left; exit 3")
    pids = supervised.pids(lines=1)
    assert supervised.end() == (1, "worker 3 ['no disk left\\n']\n")
    assert wait_until(lambda: all_ended(pids), seconds=5)


def test_a_program_that_ignores_sigterm_is_killed() -> None:
    supervised = Supervised(web=IGNORES_SIGTERM, worker=PARENT_AND_CHILD)
    pids = supervised.pids(lines=2)
    supervised.process.terminate()
    assert supervised.end() == (0, "")
    assert wait_until(lambda: all_ended(pids), seconds=5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals children when their parent is killed")
def test_programs_do_not_outlive_a_killed_supervisor() -> None:
    supervised = Supervised(web="echo $$ $$; exec sleep 600")
    pids = supervised.pids(lines=1)
    supervised.process.kill()
    supervised.end()
    assert wait_until(lambda: all_ended(pids), seconds=5)
