"""Valkey (or Redis): loopback only, with a password, every second on disk."""

import signal
import socket
from typing import ClassVar

from .binaries import Program, find_valkey
from .directories import Place
from .servers import Server


class Valkey(Server):
    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[int] = signal.SIGTERM

    def find(self) -> Program:
        return find_valkey()

    def prepare(self, program: Program, place: Place, password: str) -> None:
        settings = {
            "bind": "127.0.0.1",
            "requirepass": password,
            "databases": "256",
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
