"""PostgreSQL and Valkey for one machine without either: found or started on demand, stopped when nobody uses them.

Knows nothing of Django. Everything lies under the folder given (`var/`).
"""

from pathlib import Path

from .errors import EmbeddedServerError
from .postgres import Postgres
from .service import Service
from .valkey import Valkey

__all__ = ["EmbeddedServerError", "database_url", "redis_url", "services"]


def database_url(var: Path, *, durable: bool = True) -> str:
    """URL of the PostgreSQL under `var`, started if need be; it runs at least as long as this process.

    Not durable is faster and may lose everything in a crash: for tests. Raises EmbeddedServerError.
    """
    return Service(Postgres(durable), var.resolve() / "postgres").connect()


def redis_url(var: Path, *, durable: bool = True) -> str:
    """URL of the Valkey under `var`, started if need be; it runs at least as long as this process.

    Not durable keeps its data in memory only: for tests. Raises EmbeddedServerError.
    """
    return Service(Valkey(durable), var.resolve() / "valkey").connect()


def services(var: Path) -> list[Service]:
    """What runs, or might run, under `var`."""
    return [Service(Postgres(), var.resolve() / "postgres"), Service(Valkey(), var.resolve() / "valkey")]
