"""Configure Valkey (or Redis): loopback only, with a password, written to disk every second."""

import signal
import socket
from typing import ClassVar

from .binaries import Binary, find_valkey
from .directories import Directory
from .servers import Server

PING_TIMEOUT_SECONDS = 2


class Valkey(Server):
    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[int] = signal.SIGTERM

    def find_binary(self) -> Binary:
        return find_valkey()

    def prepare(self, binary: Binary, directory: Directory, password: str) -> None:
        settings = {
            "bind": "127.0.0.1",
            "requirepass": password,
            "databases": "256",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "set-proc-title": "no",  # keeps the command line, which identifies an orphan
        }
        file = directory.home / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        directory.chown(file)

    def command(self, binary: Binary, directory: Directory, port: int) -> list[str]:
        return [str(binary.path), str(directory.home / "valkey.conf"), "--port", str(port)]

    def is_ready(self, directory: Directory, port: int, password: str, pid: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PING_TIMEOUT_SECONDS) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                connection.shutdown(socket.SHUT_WR)
                return connection.makefile("rb").read() == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def url(self, port: int, password: str) -> str:
        return f"redis://:{password}@127.0.0.1:{port}/0"
