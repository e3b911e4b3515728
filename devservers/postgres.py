"""PostgreSQL: loopback TCP only, password authentication, small memory."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from .binaries import Program, find_postgres
from .directories import Place
from .errors import EmbeddedServerError
from .processes import mentions
from .servers import Server, run

NAME = "kissanmitra"  # of the database and of its owner

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
SINCE_18 = {"io_method": "sync"}  # else three more processes wait for something to read
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[int] = signal.SIGINT  # "fast": ends sessions, loses nothing

    def find(self) -> Program:
        return find_postgres()

    def prepare(self, program: Program, place: Place, password: str) -> None:
        data = place.home / "data"
        if data.exists():
            _check_version(data, program)
            _forget_dead_server(data)
            return
        unfinished = place.home / "data.unfinished"
        run(place, "rm", "-rf", str(unfinished))
        self._init(program, place, unfinished, password)
        run(place, str(program.path), "--single", "-D", str(unfinished), "postgres", given=f"CREATE DATABASE {NAME};\n")
        unfinished.rename(data)

    def _init(self, program: Program, place: Place, data: Path, password: str) -> None:
        secret = place.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(password)
        place.give(secret)
        options = ["-A", "scram-sha-256", "-E", "UTF8", "-U", NAME, "--no-instructions", *_locale(program)]
        if not self.durable:
            options.append("--no-sync")
        try:
            run(place, str(program.beside("initdb")), "-D", str(data), f"--pwfile={secret}", *options)
        finally:
            secret.unlink()

    def command(self, program: Program, place: Place, port: int) -> list[str]:
        settings = SETTINGS | {"port": str(port)}
        if program.major_version() >= 18:
            settings |= SINCE_18
        if not self.durable:
            settings |= NOT_DURABLE
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(program.path), "-D", str(place.home / "data"), *options]

    def is_ready(self, place: Place, port: int, password: str, pid: int) -> bool:
        try:
            note = (place.home / "data/postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(note) > 7 and note[0] == str(pid) and note[7].strip() == "ready"

    def url(self, port: int, password: str) -> str:
        return f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def _locale(program: Program) -> list[str]:
    """Sorting and case alike on every machine; before 17 the system's own has to do."""
    if program.major_version() >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _check_version(data: Path, program: Program) -> None:
    made_by, now = int((data / "PG_VERSION").read_text()), program.major_version()
    if made_by != now:
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {made_by}, but PostgreSQL {now} is what this system has now.\n"
            "Bring the old version back, or begin anew with `make reset`."
        )


def _forget_dead_server(data: Path) -> None:
    """Remove the note of a server that was killed, lest another process with its pid passes for it."""
    note = data / "postmaster.pid"
    with suppress(FileNotFoundError):
        if not mentions(int(note.read_text().split()[0]), data):
            note.unlink()
