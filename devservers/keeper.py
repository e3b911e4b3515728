"""Own one server for as long as any process uses it.

Run as a file of its own (`python -I -S keeper.py ORDER`) in a session of its own, with the standard library only: it
stays small and outlives the process that started it. In the server's folder

    clients.lock  is locked (shared) by every process that uses the server, until it ends, however it ends
    keeper.lock   is locked by this process, and holds its pid and the server's
    ready         tells clients how to connect; the starting client writes it when the server is ready

SIGTERM: stop now. SIGUSR1: stop now if nobody uses the server, without lingering.
"""

import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

STOP_SECONDS = 15
REVIVALS = 10  # in a row; a killed PostgreSQL refuses to start until the last of its children has gone

_libc = ctypes.CDLL(None)  # before any fork: the server's account may not read Python's folder


def die_with_parent(last_signal: int) -> None:
    """Ask the kernel to signal this process when its parent ends. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        _libc.prctl(1, last_signal)


class Keeper:
    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.folder = Path(order["folder"])
        self.lock = (self.folder / "keeper.lock").open("r+")
        self.clients = (self.folder / "clients.lock").open()
        self.signals = _wake_on(signal.SIGTERM, signal.SIGUSR1, signal.SIGCHLD)
        self.revivals = 0

    def run(self) -> int:
        """Keep the server until it is no longer needed; the exit code of this process."""
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.start()
        try:
            return 0 if self.needed_until_released() else 1
        finally:
            (self.folder / "ready").unlink(missing_ok=True)
            self.stop()
            fcntl.flock(self.lock, fcntl.LOCK_UN)  # before the clients' lock: who waits for that finds us gone

    def start(self) -> None:
        self.server = subprocess.Popen(
            self.order["command"],
            cwd=self.order["home"],
            env=self.order["environment"],
            preexec_fn=lambda: die_with_parent(self.order["stop_signal"]),
            **self.order["run_as"],
        )
        self.started = time.monotonic()
        self.lock.seek(0)
        self.lock.write(f"{os.getpid()} {self.server.pid}\n")
        self.lock.truncate()
        self.lock.flush()

    def needed_until_released(self) -> bool:
        """Wait until the server may stop (True) or has failed for good (False)."""
        last_used = time.time()
        while True:
            received = self.signals(self.order["linger"] / 4)
            if signal.SIGTERM in received or self.folder_is_gone():
                return True
            if self.server.poll() is not None and not self.revive():
                return False
            if self.in_use():
                last_used = time.time()
                continue
            last_used = max(last_used, os.fstat(self.clients.fileno()).st_mtime)  # of one who came and went between
            if signal.SIGUSR1 in received or time.time() - last_used >= self.order["linger"]:
                return True
            fcntl.flock(self.clients, fcntl.LOCK_UN)

    def in_use(self) -> bool:
        """Whether a client lives. If none does, the lock is ours: new clients wait for our decision."""
        try:
            fcntl.flock(self.clients, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

    def revive(self) -> bool:
        """Start a server that died; not one that never was ready, whose client reports the reason."""
        if time.monotonic() - self.started > 60:
            self.revivals = 0
        self.revivals += 1
        if self.revivals > REVIVALS or not (self.folder / "ready").exists():
            return False
        sys.stderr.write(f"keeper: the server ended with code {self.server.returncode}, starting it again\n")
        time.sleep(0.5 if self.revivals > 1 else 0)
        self.start()
        return True

    def folder_is_gone(self) -> bool:
        try:
            return not os.path.samestat((self.folder / "keeper.lock").stat(), os.fstat(self.lock.fileno()))
        except FileNotFoundError:
            return True

    def stop(self) -> None:
        """Stop the server in order; by force when that takes longer than STOP_SECONDS."""
        for stop_signal in (self.order["stop_signal"], signal.SIGQUIT, signal.SIGKILL):
            if self.server.poll() is None:
                self.server.send_signal(stop_signal)
            try:
                self.server.wait(STOP_SECONDS)
                return
            except subprocess.TimeoutExpired:
                continue


def _wake_on(*expected: int) -> Any:
    """A function that waits so many seconds, or until one of the signals comes, and returns those that came."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in expected:
        signal.signal(number, lambda *_: None)

    def wait(seconds: float) -> bytes:
        ready, _, _ = select.select([reader], [], [], seconds)
        return os.read(reader, 64) if ready else b""

    return wait


if __name__ == "__main__":
    sys.exit(Keeper(json.loads(sys.argv[1])).run())
