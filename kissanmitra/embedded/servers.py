"""What is particular to each server: first-time preparation, command line, and how to tell that it is ready."""

import signal
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .errors import EmbeddedServerError
from .places import Place
from .processes import mentions
from .programs import Program, find_postgres, find_valkey

NAME = "kissanmitra"  # of the database and of its owner


class Server(Protocol):
    """One kind of server."""

    name: str
    durable: bool
    stop_signal: int

    def find(self) -> Program: ...

    def prepare(self, program: Program, place: Place, password: str) -> None:
        """Make the data folder and configuration where they are missing."""

    def command(self, program: Program, place: Place, port: int) -> list[str]: ...

    def is_ready(self, place: Place, port: int, password: str, pid: int) -> bool: ...

    def url(self, port: int, password: str) -> str: ...


@dataclass(frozen=True)
class Postgres:
    durable: bool = True
    name: str = "postgres"
    stop_signal: int = signal.SIGINT  # "fast": ends sessions, loses nothing

    def find(self) -> Program:
        return find_postgres()

    def prepare(self, program: Program, place: Place, password: str) -> None:
        data = place.home / "data"
        if data.exists():
            _check_version(data, program)
            _forget_dead_server(data)
            return
        unfinished = place.home / "data.unfinished"
        _run(place, "rm", "-rf", str(unfinished))
        self._init(program, place, unfinished, password)
        single = [program.path, "--single", "-D", unfinished, "postgres"]
        _run(place, *map(str, single), given=f"CREATE DATABASE {NAME};\n")
        unfinished.rename(data)

    def _init(self, program: Program, place: Place, data: Path, password: str) -> None:
        # The builtin locale sorts and folds alike on every machine; before 17 the system's has to do.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = builtin if program.major_version() >= 17 else ["--locale=C.UTF-8"]
        secret = place.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(password)
        place.give(secret)
        options = ["-A", "scram-sha-256", "-E", "UTF8", "-U", NAME, f"--pwfile={secret}", "--no-instructions"]
        sync = [] if self.durable else ["--no-sync"]
        try:
            _run(place, str(program.beside("initdb")), "-D", str(data), *options, *locale, *sync)
        finally:
            secret.unlink()

    def command(self, program: Program, place: Place, port: int) -> list[str]:
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 100,
            "shared_buffers": "32MB",
            "max_wal_size": "256MB",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "max_logical_replication_workers": 0,
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if program.major_version() >= 18:
            settings["io_method"] = "sync"  # no processes of its own for reading
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(program.path), "-D", str(place.home / "data"), *options]

    def is_ready(self, place: Place, port: int, password: str, pid: int) -> bool:
        try:
            lines = (place.home / "data/postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def url(self, port: int, password: str) -> str:
        return f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


@dataclass(frozen=True)
class Valkey:
    durable: bool = True
    name: str = "valkey"
    stop_signal: int = signal.SIGTERM

    def find(self) -> Program:
        return find_valkey()

    def prepare(self, program: Program, place: Place, password: str) -> None:
        settings = {
            "bind": "127.0.0.1",
            "requirepass": password,
            "databases": 256,
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "set-proc-title": "no",  # keeps the command line, by which an orphan is known
        }
        file = place.home / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        place.give(file)

    def command(self, program: Program, place: Place, port: int) -> list[str]:
        return [str(program.path), str(place.home / "valkey.conf"), "--port", str(port)]

    def is_ready(self, place: Place, port: int, password: str, pid: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                connection.shutdown(socket.SHUT_WR)
                return connection.makefile("rb").read() == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def url(self, port: int, password: str) -> str:
        return f"redis://:{password}@127.0.0.1:{port}/0"


def _run(place: Place, *command: str, given: str = "") -> None:
    result = subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=place.home, env=place.environment(), **place.run_as()
    )
    if result.returncode != 0:
        raise EmbeddedServerError(f"{Path(command[0]).name} failed:\n{result.stderr.strip() or result.stdout.strip()}")


def _forget_dead_server(data: Path) -> None:
    """Remove the note of a server that was killed, lest another process with its pid passes for it."""
    note = data / "postmaster.pid"
    with suppress(FileNotFoundError):
        if not mentions(int(note.read_text().split()[0]), data):
            note.unlink()


def _check_version(data: Path, program: Program) -> None:
    made_by, now = int((data / "PG_VERSION").read_text()), program.major_version()
    if made_by != now:
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {made_by}, but PostgreSQL {now} is what this system has now.\n"
            "Bring the old version back, or begin anew with `make reset`."
        )
