"""What a worker does: take up exports one after the other, and write them with the rights of those who asked."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import connection

from accounts.models import User
from core.correlation import correlated
from core.errors import DomainError
from exports.admin.exportable import ExportableAdmin
from exports.jobs import NotOurs, claim_next, fail, finish, give_up, hand_over, put_back, report
from exports.lists import list_named, rows_of, seen_by
from exports.models import Export, Format
from exports.policies import must_be_allowed
from exports.writing import CHUNK, found, write

logger = logging.getLogger(__name__)

LONGEST_QUERY = 60_000  # milliseconds, instead of a page's patience: to sort millions of rows takes a while


class WorkerStops(Exception):
    """The worker was told to end."""


def run_waiting(queue: str = "", *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Write what is due until nothing is, or `should_stop`; answers how many were tried."""
    give_up()
    tried = 0
    with _patience():
        while not should_stop() and (export := claim_next()):
            with correlated(export.correlation_id):
                _run(export, should_stop)
            tried += 1
    return tried


def _run(export: Export, should_stop: Callable[[], bool]) -> None:
    try:
        with TemporaryFile() as file:
            finish(export, file, _write(export, file, should_stop))
    except WorkerStops:
        hand_over(export)
    except NotOurs:
        logger.warning("Export %s is in other hands", export.pk)
    except DomainError as refusal:
        fail(export, str(refusal))
    except Exception:
        logger.exception("Export %s of %s broke off", export.pk, export.list_name)
        put_back(export)


def _write(export: Export, file: IO[bytes], should_stop: Callable[[], bool]) -> int:
    """The list as it is now, for what the person who asked may see now."""
    model_admin = list_named(export.list_name)
    assert isinstance(model_admin, ExportableAdmin)
    request = seen_by(User.objects.get(pk=export.asked_by_id), export.filters)
    must_be_allowed(request, model_admin)
    rows = rows_of(model_admin, request)
    report(export, rows_total=rows.count())
    columns = model_admin.get_export_columns(request)
    values = _reported(found(rows, columns), export, should_stop)
    title = model_admin.export_title
    return write(values, columns, file=file, file_format=Format(export.format), title=title)


def _reported(values: Iterator[Any], export: Export, should_stop: Callable[[], bool]) -> Iterator[Any]:
    done = 0
    for done, row in enumerate(values, 1):
        yield row
        if done % CHUNK == 0:
            report(export, rows_done=done)
            if should_stop():
                raise WorkerStops
    report(export, rows_done=done)  # what is left is to put the file together


@contextmanager
def _patience() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {LONGEST_QUERY:d}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
