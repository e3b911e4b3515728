"""Connect to a server, start it if needed, and keep it running until this process ends."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import directories, keeper, locks
from .errors import EmbeddedServerError
from .launch import Launch, last_pids, wait_for_exit
from .processes import stop_orphan, wait_until
from .servers import Server

STOP_TIMEOUT_SECONDS = 3 * keeper.STOP_TIMEOUT_SECONDS  # the keeper sends up to three signals


@dataclass(frozen=True)
class Service:
    """Represent one server and the folder of its locks, log and data. keeper.py describes the files in it."""

    server: Server
    folder: Path
    idle_seconds: float = 10.0  # the server stops so long after its last client

    def connect(self) -> str:
        """Return the server's URL; start it if needed and keep it running until this process ends.

        Raises EmbeddedServerError with the reason and the path of the log.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            locks.hold_shared(self.folder / "clients.lock")
            if url := self.url():
                return url
            with locks.exclusive(self.folder / "start.lock"):
                return self.url() or self._start()
        except OSError as error:
            raise EmbeddedServerError(f"The embedded {self.server.name} cannot start: {error}") from error

    def url(self) -> str | None:
        """Return the server's URL if it runs, else None."""
        if self._is_running():
            with suppress(FileNotFoundError):
                return (self.folder / "ready").read_text()
        return None

    def disconnect(self) -> bool:
        """Stop using the server, and stop it unless other processes use it. Return whether it stopped."""
        locks.release_shared(self.folder / "clients.lock")
        if self.folder.exists() and locks.is_shared(self.folder / "clients.lock"):
            return False
        return self._stop_by(signal.SIGUSR1)

    def stop(self) -> bool:
        """Stop the server even if other processes use it. Return whether it stopped."""
        return self._stop_by(signal.SIGTERM)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        directories.remove(self.folder)

    def _is_running(self) -> bool:
        return self.folder.exists() and locks.is_exclusive(self.folder / "keeper.lock")

    def _stop_by(self, number: int) -> bool:
        if self._is_running():
            for pid in last_pids(self.folder)[:1]:
                os.kill(pid, number)
        stopped = wait_until(lambda: not self._is_running(), STOP_TIMEOUT_SECONDS)
        if stopped:
            wait_for_exit(self.folder)
        return stopped

    def _start(self) -> str:
        self.stop()  # a keeper whose client ended before the server was ready
        (self.folder / "ready").unlink(missing_ok=True)
        directory = directories.get_or_create(self.folder)
        for pid in last_pids(self.folder)[1:]:
            stop_orphan(pid, directory.home, self.server.stop_signal)
        return Launch(self.server, directory, self.idle_seconds).start()
