"""Start a server once: prepare it, start its keeper, wait until it is ready."""

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
from .directories import Directory
from .errors import EmbeddedServerError
from .processes import wait_until
from .servers import Server

START_TIMEOUT_SECONDS = 60  # PostgreSQL may have to recover first
START_ATTEMPTS = 3  # another program may take the free port before the server does


class KeeperProcess(subprocess.Popen[bytes]):
    """Represent a child that outlives this process; suppress the warning of `Popen` about that."""

    def __del__(self) -> None:
        pass


_children: dict[Path, KeeperProcess] = {}  # by folder


def last_pids(folder: Path) -> list[int]:
    """Return the pids of the keeper of `folder` and of its server, running or last run; [] if there were none."""
    with suppress(FileNotFoundError):
        return [int(word) for word in (folder / "keeper.lock").read_text().split()]
    return []


def wait_for_exit(folder: Path) -> None:
    """Wait for the end of a stopped keeper that this process has started, so that it leaves no zombie."""
    if child := _children.pop(folder, None):
        child.wait()


@dataclass(frozen=True)
class Launch:
    server: Server
    directory: Directory
    idle_seconds: float

    def start(self) -> str:
        """Start the server. Return its URL when it is ready. Raises EmbeddedServerError with the end of its log."""
        binary = self.directory.executable(self.server.find_binary())
        access = self._read_access()
        password = access["password"]
        self.server.prepare(binary, self.directory, password)
        for _ in range(START_ATTEMPTS):
            port = _free_port(access.get("port", 0))
            _write(self.directory.folder / "access.json", json.dumps({"password": password, "port": port}))
            child = self._start_keeper(self.server.command(binary, self.directory, port))
            if self._becomes_ready(child, port, password):
                url = self.server.url(port, password)
                _write(self.directory.folder / "ready", url)
                return url
            child.terminate()
            wait_for_exit(self.directory.folder)
            access = {}
        raise EmbeddedServerError(f"The embedded {self.server.name} does not start.\n{self._end_of_log()}")

    def _read_access(self) -> dict[str, Any]:
        """Return the password and the last port; on the first start a new password alone."""
        with suppress(FileNotFoundError):
            return dict(json.loads((self.directory.folder / "access.json").read_text()))
        return {"password": secrets.token_hex(24)}

    def _start_keeper(self, command: list[str]) -> KeeperProcess:
        config = {
            "folder": str(self.directory.folder),
            "home": str(self.directory.home),
            "command": command,
            "environment": self.directory.environment(),
            "run_as": self.directory.run_as(),
            "stop_signal": int(self.server.stop_signal),
            "idle_seconds": self.idle_seconds,
        }
        (self.directory.folder / "keeper.lock").touch(mode=0o600)
        with (self.directory.folder / "server.log").open("wb") as log:
            child = KeeperProcess(
                [sys.executable, "-I", "-S", keeper.__file__, json.dumps(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        _children[self.directory.folder] = child
        return child

    def _becomes_ready(self, child: KeeperProcess, port: int, password: str) -> bool:
        def is_ready() -> bool:
            pids = last_pids(self.directory.folder)
            is_own = len(pids) == 2 and pids[0] == child.pid
            return is_own and self.server.is_ready(self.directory, port, password, pids[1])

        wait_until(lambda: child.poll() is not None or is_ready(), START_TIMEOUT_SECONDS)
        return child.poll() is None and is_ready()

    def _end_of_log(self) -> str:
        log = self.directory.folder / "server.log"
        return "\n".join([f"The end of {log}:", *log.read_text(errors="replace").splitlines()[-12:]])


def _free_port(preferred: int) -> int:
    """Return the preferred port of 127.0.0.1 if it is free, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(path: Path, text: str) -> None:
    """Replace a file atomically; only its owner may read it."""
    unfinished = path.with_name(path.name + ".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)
