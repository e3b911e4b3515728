"""Run functions concurrently: each in its own thread with its own database connection, released together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run all functions at the same moment. Return their results, in order."""
    barrier = Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: _run(act, barrier), acts))


def deadlocks() -> int:
    """Return the number of deadlocks that PostgreSQL has resolved in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def statuses(answers: Sequence[Any]) -> dict[int, int]:
    """Count the responses by HTTP status."""
    codes = [answer.status_code for answer in answers]
    return {code: codes.count(code) for code in sorted(set(codes))}


def _run(act: Callable[[], Any], barrier: Barrier) -> Any:
    try:
        connection.ensure_connection()
        barrier.wait(timeout=30)
        return act()
    finally:
        connections.close_all()
