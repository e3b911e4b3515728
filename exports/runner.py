"""Run due exports one after the other, with the rights of their requesters."""

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
from exports.choices import Format
from exports.jobs import LeaseLost, claim_next, fail, fail_abandoned, finish, release, report, retry_later
from exports.lists import list_request, model_admin_for, rows_of
from exports.models import Export
from exports.policies import must_be_allowed
from exports.writing import CHUNK_ROWS, iterate_values, write

logger = logging.getLogger(__name__)

STATEMENT_TIMEOUT_MS = 60_000  # longer than a page's: sorting millions of rows takes time


class WorkerStopping(Exception):
    """Raised inside an export when the worker was asked to stop."""


def run_due(queue: str = "", *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Run exports until none is due or `should_stop` returns True. Return the number of tries."""
    fail_abandoned()
    tried = 0
    with _statement_timeout():
        while not should_stop() and (export := claim_next()):
            with correlated(export.correlation_id):
                _run(export, should_stop)
            tried += 1
    return tried


def _run(export: Export, should_stop: Callable[[], bool]) -> None:
    try:
        with TemporaryFile() as file:
            finish(export, file, _write(export, file, should_stop))
    except WorkerStopping:
        release(export)
    except LeaseLost:
        logger.warning("Export %s was claimed by another worker", export.pk)
    except DomainError as refusal:
        fail(export, str(refusal))
    except Exception:
        logger.exception("Export %s of %s failed", export.pk, export.list_name)
        retry_later(export)


def _write(export: Export, file: IO[bytes], should_stop: Callable[[], bool]) -> int:
    """Write the rows that the requester may see now. Return their number."""
    model_admin = model_admin_for(export.list_name)
    assert isinstance(model_admin, ExportableAdmin)
    request = list_request(User.objects.get(pk=export.asked_by_id), export.filters)
    must_be_allowed(request, model_admin)
    rows = rows_of(model_admin, request)
    report(export, rows_total=rows.count())
    columns = model_admin.get_export_columns(request)
    values = _with_progress(iterate_values(rows, columns), export, should_stop)
    title = model_admin.export_title
    return write(values, columns, file=file, file_format=Format(export.format), title=title)


def _with_progress(values: Iterator[Any], export: Export, should_stop: Callable[[], bool]) -> Iterator[Any]:
    done = 0
    for done, row in enumerate(values, 1):
        yield row
        if done % CHUNK_ROWS == 0:
            report(export, rows_done=done)
            if should_stop():
                raise WorkerStopping
    report(export, rows_done=done)  # only the file is left to assemble


@contextmanager
def _statement_timeout() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS:d}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
