"""One start of a server: prepare it, hand it to a keeper, wait until it is ready."""

import json
import os
import secrets
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import keeper
from .directories import Place
from .errors import EmbeddedServerError
from .processes import wait_until
from .servers import Server

START_SECONDS = 60  # PostgreSQL may have to recover first
ATTEMPTS = 3  # another program may take the port we found free


class KeeperProcess(subprocess.Popen[bytes]):
    """A child meant to outlive us: no warning about it when we end."""

    def __del__(self) -> None:
        pass


_children: dict[Path, KeeperProcess] = {}  # by folder


def last_pids(folder: Path) -> list[int]:
    """The keeper of this folder and its server: of now, or of the last time."""
    with suppress(FileNotFoundError):
        return [int(word) for word in (folder / "keeper.lock").read_text().split()]
    return []


def reap(folder: Path) -> None:
    """Leave no zombie of a keeper that has stopped."""
    if child := _children.pop(folder, None):
        child.wait()


@dataclass(frozen=True)
class Launch:
    server: Server
    place: Place
    linger: float

    def url(self) -> str:
        """The server's URL, once it is ready. Raises EmbeddedServerError with the end of its log."""
        program = self.place.reachable(self.server.find())
        access = self._access()
        password = access["password"]
        self.server.prepare(program, self.place, password)
        for _ in range(ATTEMPTS):
            port = _free_port(access.get("port", 0))
            _write(self.place.folder / "access.json", json.dumps({"password": password, "port": port}))
            child = self._give_to_keeper(self.server.command(program, self.place, port))
            if self._becomes_ready(child, port, password):
                url = self.server.url(port, password)
                _write(self.place.folder / "ready", url)
                return url
            child.terminate()
            reap(self.place.folder)
            access = {}
        raise EmbeddedServerError(f"The embedded {self.server.name} does not start.\n{self._end_of_log()}")

    def _access(self) -> dict[str, Any]:
        """The password, made once, and the last port."""
        with suppress(FileNotFoundError):
            return dict(json.loads((self.place.folder / "access.json").read_text()))
        return {"password": secrets.token_hex(24)}

    def _give_to_keeper(self, command: list[str]) -> KeeperProcess:
        order = {
            "folder": str(self.place.folder),
            "home": str(self.place.home),
            "command": command,
            "environment": self.place.environment(),
            "run_as": self.place.run_as(),
            "stop_signal": int(self.server.stop_signal),
            "linger": self.linger,
        }
        (self.place.folder / "keeper.lock").touch(mode=0o600)
        with (self.place.folder / "server.log").open("wb") as log:
            child = KeeperProcess(
                [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        _children[self.place.folder] = child
        return child

    def _becomes_ready(self, child: KeeperProcess, port: int, password: str) -> bool:
        def ready() -> bool:
            pids = last_pids(self.place.folder)
            ours = len(pids) == 2 and pids[0] == child.pid
            return ours and self.server.is_ready(self.place, port, password, pids[1])

        wait_until(lambda: child.poll() is not None or ready(), START_SECONDS)
        return child.poll() is None and ready()

    def _end_of_log(self) -> str:
        log = self.place.folder / "server.log"
        return "\n".join([f"The end of {log}:", *log.read_text(errors="replace").splitlines()[-12:]])


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
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)
