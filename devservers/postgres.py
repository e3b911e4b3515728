"""Configure PostgreSQL: loopback TCP only, password authentication, small memory."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from .binaries import Binary, find_postgres
from .directories import Directory
from .errors import EmbeddedServerError
from .processes import was_started_with
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
SETTINGS_FROM_18 = {"io_method": "sync"}  # the default starts three more processes
SETTINGS_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[int] = signal.SIGINT  # "fast": closes sessions, loses nothing

    def find_binary(self) -> Binary:
        return find_postgres()

    def prepare(self, binary: Binary, directory: Directory, password: str) -> None:
        data = directory.home / "data"
        if data.exists():
            _check_version(data, binary)
            _delete_stale_pid_file(data)
            return
        unfinished = directory.home / "data.unfinished"
        run(directory, "rm", "-rf", str(unfinished))
        self._init(binary, directory, unfinished, password)
        single_user = [str(binary.path), "--single", "-D", str(unfinished), "postgres"]
        run(directory, *single_user, stdin=f"CREATE DATABASE {NAME};\n")
        unfinished.rename(data)

    def _init(self, binary: Binary, directory: Directory, data: Path, password: str) -> None:
        password_file = directory.home / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        directory.chown(password_file)
        options = ["-A", "scram-sha-256", "-E", "UTF8", "-U", NAME, "--no-instructions", *_locale(binary)]
        if not self.durable:
            options.append("--no-sync")
        try:
            run(directory, str(binary.sibling("initdb")), "-D", str(data), f"--pwfile={password_file}", *options)
        finally:
            password_file.unlink()

    def command(self, binary: Binary, directory: Directory, port: int) -> list[str]:
        settings = SETTINGS | {"port": str(port)}
        if binary.major_version() >= 18:
            settings |= SETTINGS_FROM_18
        if not self.durable:
            settings |= SETTINGS_NOT_DURABLE
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(binary.path), "-D", str(directory.home / "data"), *options]

    def is_ready(self, directory: Directory, port: int, password: str, pid: int) -> bool:
        try:
            lines = (directory.home / "data/postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def url(self, port: int, password: str) -> str:
        return f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def _locale(binary: Binary) -> list[str]:
    """Return initdb's locale options: the same collation on every machine from 17, the system's C.UTF-8 before."""
    if binary.major_version() >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _check_version(data: Path, binary: Binary) -> None:
    created_by, installed = int((data / "PG_VERSION").read_text()), binary.major_version()
    if created_by != installed:
        raise EmbeddedServerError(
            f"{data} was created by PostgreSQL {created_by}, but PostgreSQL {installed} is installed now.\n"
            "Install the old version again, or delete all data with `make reset`."
        )


def _delete_stale_pid_file(data: Path) -> None:
    """Delete the pid file of a killed server: PostgreSQL does not start while any process has that pid."""
    pid_file = data / "postmaster.pid"
    with suppress(FileNotFoundError):
        if not was_started_with(int(pid_file.read_text().split()[0]), data):
            pid_file.unlink()
