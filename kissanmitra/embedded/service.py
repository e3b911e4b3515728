"""Find or start a server, and stay its client until this process ends."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import keeper, locks, places
from .errors import EmbeddedServerError
from .places import Place
from .processes import end_orphan, wait_until
from .programs import Program
from .servers import Server

START_SECONDS = 60  # PostgreSQL may have to recover first
STOP_SECONDS = 3 * keeper.STOP_SECONDS
ATTEMPTS = 3


class KeeperProcess(subprocess.Popen[bytes]):
    """A child meant to outlive us: no warning about it when we end."""

    def __del__(self) -> None:
        pass


_started: dict[Path, KeeperProcess] = {}  # keepers that are our children, by folder


@dataclass(frozen=True)
class Service:
    """One server and the folder of its locks, log and data. See keeper.py for the files in it."""

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
        if self._keeper_lives():
            with suppress(FileNotFoundError):
                return (self.folder / "ready").read_text()
        return None

    def leave(self) -> bool:
        """Be a client no longer; stop the server unless others use it. Says whether it stopped."""
        locks.unshare(self.folder / "clients.lock")
        return not self._in_use() and self._stopped_by(signal.SIGUSR1)

    def stop(self) -> bool:
        """Stop the server, whoever uses it. Says whether it stopped."""
        return self._stopped_by(signal.SIGTERM)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        places.remove(self.folder)

    def _in_use(self) -> bool:
        return locks.is_shared(self.folder / "clients.lock")

    def _keeper_lives(self) -> bool:
        return self.folder.exists() and locks.is_held(self.folder / "keeper.lock")

    def _pids(self) -> list[int]:
        """The keeper and its server: now, or when there last was one."""
        with suppress(FileNotFoundError):
            return [int(word) for word in (self.folder / "keeper.lock").read_text().split()]
        return []

    def _stopped_by(self, number: int) -> bool:
        if self._keeper_lives():
            for pid in self._pids()[:1]:
                os.kill(pid, number)
        done = wait_until(lambda: not self._keeper_lives(), STOP_SECONDS)
        if done and (child := _started.pop(self.folder, None)):
            child.wait()
        return done

    def _start(self) -> str:
        self.stop()  # a keeper whose starter died before it was ready
        (self.folder / "ready").unlink(missing_ok=True)
        place = places.place(self.folder)
        for pid in self._pids()[1:]:
            end_orphan(pid, place.home, self.server.stop_signal)
        program = place.reachable(self.server.find())
        access = self._access()
        self.server.prepare(program, place, access["password"])
        return self._launch(program, place, access)

    def _launch(self, program: Program, place: Place, access: dict[str, Any]) -> str:
        for _ in range(ATTEMPTS):
            port = access["port"] = _free_port(access.get("port", 0))
            _write(self.folder / "access.json", json.dumps(access))
            process = self._spawn_keeper(place, self.server.command(program, place, port))
            if self._becomes_ready(process, place, port, access["password"]):
                url = self.server.url(port, access["password"])
                _write(self.folder / "ready", url)
                return url
            self.stop()
            access["port"] = 0
        log = self.folder / "server.log"
        raise EmbeddedServerError(f"The embedded {self.server.name} does not start. The end of {log}:\n{_tail(log)}")

    def _access(self) -> dict[str, Any]:
        """The server's password and last port."""
        with suppress(FileNotFoundError):
            return dict(json.loads((self.folder / "access.json").read_text()))
        return {"password": secrets.token_hex(24)}

    def _spawn_keeper(self, place: Place, command: list[str]) -> KeeperProcess:
        order = {
            "folder": str(self.folder),
            "home": str(place.home),
            "command": command,
            "run_as": place.run_as(),
            "stop_signal": int(self.server.stop_signal),
            "linger": self.linger,
        }
        (self.folder / "keeper.lock").touch(mode=0o600)
        with open(self.folder / "server.log", "wb") as log:
            process = KeeperProcess(
                [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        _started[self.folder] = process
        return process

    def _becomes_ready(self, process: KeeperProcess, place: Place, port: int, password: str) -> bool:
        def ready() -> bool:
            pids = self._pids()
            current = len(pids) == 2 and pids[0] == process.pid
            return current and self.server.is_ready(place, port, password, pids[1])

        wait_until(lambda: process.poll() is not None or ready(), START_SECONDS)
        return process.poll() is None and ready()


def _free_port(wanted: int) -> int:
    """The wanted port of 127.0.0.1 if it is free, else any that is."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(path: Path, text: str) -> None:
    """Replace a file at once, for its owner's eyes only."""
    unfinished = path.with_name(path.name + ".unfinished")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
