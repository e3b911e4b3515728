"""Find a server or start it, and stay its client until this process ends."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import directories as places
from . import keeper, locks
from .errors import EmbeddedServerError
from .launch import Launch, last_pids, reap
from .processes import end_orphan, wait_until
from .servers import Server

STOP_SECONDS = 3 * keeper.STOP_SECONDS


@dataclass(frozen=True)
class Service:
    """One server and the folder of its locks, log and data. keeper.py tells about the files in it."""

    server: Server
    folder: Path
    linger: float = 10.0  # seconds the server outlives its last client

    def connect(self) -> str:
        """The server's URL; starts it if need be and keeps it until this process ends.

        Raises EmbeddedServerError with the reason and the log's path.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            locks.share(self.folder / "clients.lock")
            if url := self.url():
                return url
            with locks.alone(self.folder / "start.lock"):
                return self.url() or self._start()
        except OSError as error:
            raise EmbeddedServerError(f"The embedded {self.server.name} cannot start: {error}") from error

    def url(self) -> str | None:
        """The server's URL if it runs."""
        if self._is_kept():
            with suppress(FileNotFoundError):
                return (self.folder / "ready").read_text()
        return None

    def leave(self) -> bool:
        """Be a client no longer; stop the server unless others use it. Says whether it stopped."""
        locks.unshare(self.folder / "clients.lock")
        if self.folder.exists() and locks.is_shared(self.folder / "clients.lock"):
            return False
        return self._stopped_by(signal.SIGUSR1)

    def stop(self) -> bool:
        """Stop the server, whoever uses it. Says whether it stopped."""
        return self._stopped_by(signal.SIGTERM)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        places.remove(self.folder)

    def _is_kept(self) -> bool:
        return self.folder.exists() and locks.is_held(self.folder / "keeper.lock")

    def _stopped_by(self, number: int) -> bool:
        if self._is_kept():
            for pid in last_pids(self.folder)[:1]:
                os.kill(pid, number)
        stopped = wait_until(lambda: not self._is_kept(), STOP_SECONDS)
        if stopped:
            reap(self.folder)
        return stopped

    def _start(self) -> str:
        self.stop()  # a keeper whose starter died before the server was ready
        (self.folder / "ready").unlink(missing_ok=True)
        place = places.place(self.folder)
        for pid in last_pids(self.folder)[1:]:
            end_orphan(pid, place.home, self.server.stop_signal)
        return Launch(self.server, place, self.linger).url()
