"""What every kind of server has in common. The kinds: postgres.py, valkey.py."""

import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from .binaries import Program
from .directories import Place
from .errors import EmbeddedServerError


@dataclass(frozen=True)
class Server(ABC):
    """A kind of server. Not durable means faster, and empty after a crash: for tests."""

    name: ClassVar[str]
    stop_signal: ClassVar[int]
    durable: bool = True

    @abstractmethod
    def find(self) -> Program:
        """Its program. Raises EmbeddedServerError when there is none."""

    @abstractmethod
    def prepare(self, program: Program, place: Place, password: str) -> None:
        """Make data folder and configuration where they are missing. Raises EmbeddedServerError."""

    @abstractmethod
    def command(self, program: Program, place: Place, port: int) -> list[str]:
        """How to start it. The place must appear in it: an orphan is known by that."""

    @abstractmethod
    def is_ready(self, place: Place, port: int, password: str, pid: int) -> bool:
        """Whether this very process takes connections, not another one on its port."""

    @abstractmethod
    def url(self, port: int, password: str) -> str: ...


def run(place: Place, *command: str, given: str = "") -> None:
    """Run a helper program as the place's account. Raises EmbeddedServerError with what it said."""
    result = subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=place.home, env=place.environment(), **place.run_as()
    )
    if result.returncode != 0:
        raise EmbeddedServerError(f"{Path(command[0]).name} failed:\n{result.stderr.strip() or result.stdout.strip()}")
