"""Define what every kind of server implements. The kinds are in postgres.py and valkey.py."""

import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from .binaries import Binary
from .directories import Directory
from .errors import EmbeddedServerError


@dataclass(frozen=True)
class Server(ABC):
    """Represent a kind of server. Without `durable` it is faster and empty after a crash: for tests."""

    name: ClassVar[str]
    stop_signal: ClassVar[int]
    durable: bool = True

    @abstractmethod
    def find_binary(self) -> Binary:
        """Find the server's binary. Raises EmbeddedServerError if it is not installed."""

    @abstractmethod
    def prepare(self, binary: Binary, directory: Directory, password: str) -> None:
        """Create the data folder and the configuration if they are missing. Raises EmbeddedServerError."""

    @abstractmethod
    def command(self, binary: Binary, directory: Directory, port: int) -> list[str]:
        """Return the command that starts the server. It must contain `directory.home`, which identifies an orphan."""

    @abstractmethod
    def is_ready(self, directory: Directory, port: int, password: str, pid: int) -> bool:
        """Return whether the server with this `pid` accepts connections, and not another one on its port."""

    @abstractmethod
    def url(self, port: int, password: str) -> str: ...


def run(directory: Directory, *command: str, stdin: str = "") -> None:
    """Run a program as the directory's account. Raises EmbeddedServerError with the program's output if it fails."""
    result = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=directory.home,
        env=directory.environment(),
        **directory.run_as(),
    )
    if result.returncode != 0:
        raise EmbeddedServerError(f"{Path(command[0]).name} failed:\n{result.stderr.strip() or result.stdout.strip()}")
