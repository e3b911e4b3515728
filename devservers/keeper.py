"""Run one server for as long as any process uses it.

Started as a script (`python -I -S keeper.py CONFIG`) in its own session, with the standard library only: it stays small
and outlives the process that started it. Files in the server's folder:

    clients.lock  every process that uses the server holds a shared lock on it until that process ends
    keeper.lock   this process holds an exclusive lock on it; contains its pid and the server's
    ready         contains the server's URL; the client that started the server writes it when the server is ready

SIGTERM stops the server. SIGUSR1 stops it at once if no process uses it, instead of after the idle time.
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

STOP_TIMEOUT_SECONDS = 15  # after each signal
MAX_RESTARTS = 10  # in a row; a killed PostgreSQL refuses to start until the last of its children has ended
STABLE_AFTER_SECONDS = 60  # a server that ran so long starts the count of restarts at 0
RESTART_DELAY_SECONDS = 0.5

_libc = ctypes.CDLL(None)  # loaded before any fork: the server's account may not be able to read Python's folder


def die_with_parent(stop_signal: int) -> None:
    """Make the kernel send `stop_signal` to this process when its parent ends. Does nothing except on Linux."""
    if sys.platform == "linux":
        _libc.prctl(1, stop_signal)


class Keeper:
    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config
        self.folder = Path(config["folder"])
        self.lock = (self.folder / "keeper.lock").open("r+")
        self.clients = (self.folder / "clients.lock").open()
        self.wait_for_signals = _signal_waiter(signal.SIGTERM, signal.SIGUSR1, signal.SIGCHLD)
        self.restarts = 0

    def run(self) -> int:
        """Run the server until it is no longer used. Return the exit code of this process."""
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.start()
        try:
            return 0 if self.wait_until_unused() else 1
        finally:
            (self.folder / "ready").unlink(missing_ok=True)
            self.stop()
            # Before the lock of the clients: a client that waits for that one must not see a running keeper.
            fcntl.flock(self.lock, fcntl.LOCK_UN)

    def start(self) -> None:
        self.server = subprocess.Popen(
            self.config["command"],
            cwd=self.config["home"],
            env=self.config["environment"],
            preexec_fn=lambda: die_with_parent(self.config["stop_signal"]),
            **self.config["run_as"],
        )
        self.started_at = time.monotonic()
        self.lock.seek(0)
        self.lock.write(f"{os.getpid()} {self.server.pid}\n")
        self.lock.truncate()
        self.lock.flush()

    def wait_until_unused(self) -> bool:
        """Wait until the server may stop. Return False if it ended by itself and cannot be restarted."""
        last_used = time.time()
        while True:
            received = self.wait_for_signals(self.config["idle_seconds"] / 4)
            if signal.SIGTERM in received or self.is_folder_deleted():
                return True
            if self.server.poll() is not None and not self.restart():
                return False
            if self.is_used():
                last_used = time.time()
                continue
            last_used = max(last_used, os.fstat(self.clients.fileno()).st_mtime)  # clients shorter than the polling
            if signal.SIGUSR1 in received or time.time() - last_used >= self.config["idle_seconds"]:
                return True
            fcntl.flock(self.clients, fcntl.LOCK_UN)

    def is_used(self) -> bool:
        """Return whether any client runs. If none does, keep the exclusive lock: new clients wait for the decision."""
        try:
            fcntl.flock(self.clients, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

    def restart(self) -> bool:
        """Restart a server that ended. Return False if it ends repeatedly or never was ready, as its client reports."""
        if time.monotonic() - self.started_at > STABLE_AFTER_SECONDS:
            self.restarts = 0
        self.restarts += 1
        if self.restarts > MAX_RESTARTS or not (self.folder / "ready").exists():
            return False
        sys.stderr.write(f"keeper: the server ended with code {self.server.returncode}, restarting it\n")
        time.sleep(RESTART_DELAY_SECONDS if self.restarts > 1 else 0)
        self.start()
        return True

    def is_folder_deleted(self) -> bool:
        try:
            return not os.path.samestat((self.folder / "keeper.lock").stat(), os.fstat(self.lock.fileno()))
        except FileNotFoundError:
            return True

    def stop(self) -> None:
        """Stop the server; send a stronger signal each time it does not end within STOP_TIMEOUT_SECONDS."""
        for number in (self.config["stop_signal"], signal.SIGQUIT, signal.SIGKILL):
            if self.server.poll() is None:
                self.server.send_signal(number)
            try:
                self.server.wait(STOP_TIMEOUT_SECONDS)
                return
            except subprocess.TimeoutExpired:
                continue


def _signal_waiter(*numbers: int) -> Any:
    """Return a function that waits, at most so many seconds, for one of the signals, and returns those received."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in numbers:
        signal.signal(number, lambda *_: None)

    def wait(seconds: float) -> bytes:
        ready, _, _ = select.select([reader], [], [], seconds)
        return os.read(reader, 64) if ready else b""

    return wait


if __name__ == "__main__":
    sys.exit(Keeper(json.loads(sys.argv[1])).run())
