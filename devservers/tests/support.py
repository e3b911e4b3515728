"""Processes of the tests: clients of a server, and whether processes have ended."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from devservers.processes import wait_until
from devservers.service import Service

ROOT = Path(__file__).resolve().parents[2]
IDLE_SECONDS = 0.2  # of the servers that tests start
CLIENT = f"""
import sys
from pathlib import Path
from devservers.service import Service
from devservers.valkey import Valkey
print(Service(Valkey(), Path(sys.argv[1]), idle_seconds={IDLE_SECONDS}).connect(), flush=True)
sys.stdin.read()
"""


class Client:
    """Run another process that uses the Valkey of a service."""

    def __init__(self, service: Service) -> None:
        command = [sys.executable, "-c", CLIENT, str(service.folder)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

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
