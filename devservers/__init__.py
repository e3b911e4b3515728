"""Run PostgreSQL, Valkey and all programs of the project on one machine: for the demo, development and tests.

Production imports nothing of this package. The servers need neither Django nor an installation: they start on demand,
keep everything in the folder given (`var/`) and stop after their last client.
"""

from pathlib import Path

from .errors import EmbeddedServerError
from .postgres import Postgres
from .service import Service
from .valkey import Valkey

__all__ = ["EmbeddedServerError", "database_url", "redis_url", "services"]


def database_url(var: Path, *, durable: bool = True) -> str:
    """Return the URL of the PostgreSQL in `var`; start it if needed and keep it running until this process ends.

    Without `durable` it is faster and may lose all data in a crash: for tests. Raises EmbeddedServerError.
    """
    return Service(Postgres(durable), var.resolve() / "postgres").connect()


def redis_url(var: Path, *, durable: bool = True) -> str:
    """Return the URL of the Valkey in `var`; start it if needed and keep it running until this process ends.

    Without `durable` it keeps its data in memory only: for tests. Raises EmbeddedServerError.
    """
    return Service(Valkey(durable), var.resolve() / "valkey").connect()


def services(var: Path) -> list[Service]:
    """Return both services of `var`, whether they run or not."""
    return [Service(Postgres(), var.resolve() / "postgres"), Service(Valkey(), var.resolve() / "valkey")]
