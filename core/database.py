"""Access PostgreSQL features that Django does not cover."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Func, Value

from core.errors import DomainError, NotFound

Row = TypeVar("Row", bound=models.Model)
# uuid.UUID also accepts braces, "urn:uuid:" and any hyphens; an id has one spelling.
_CANONICAL_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", re.ASCII)


class DateRange(Func):
    """Build `daterange(start, end, '[]')`: the days from `start` to `end`, both included."""

    function = "daterange"

    def __init__(self, start: str, end: str):
        super().__init__(start, end, Value("[]", output_field=models.CharField()), output_field=DateRangeField())


@contextmanager
def translate_constraint_errors(**errors: str | DomainError) -> Iterator[None]:
    """Translate the violation of a named constraint to a DomainError with the given message.

    The block runs in a savepoint, so the transaction around it stays usable. Other violations pass through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        name = getattr(getattr(violation.__cause__, "diag", None), "constraint_name", None)
        if name not in errors:
            raise
        translated = errors[name]
        raise (translated if isinstance(translated, DomainError) else DomainError(translated)) from None


def advisory_lock(*names: str) -> None:
    """Acquire an exclusive advisory lock per name until the transaction ends.

    For rules about rows that do not exist yet. Several names must be locked in the same order everywhere.
    """
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def listen_connection_params() -> dict[str, Any]:
    """Return Django's connection parameters for a psycopg connection (sync or async) that LISTENs.

    Keepalives detect a silently lost connection within a minute.
    """
    keepalives = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    parameters = connection.get_connection_params() | keepalives
    del parameters["cursor_factory"]  # Django's is for synchronous connections
    return parameters


def find_by_id(rows: models.QuerySet[Row], identifier: object, message: str) -> Row:
    """Return the row with this id. Raises NotFound with `message`, also for an invalid UUID."""
    key = uuid_of(identifier)
    row = None if key is None else rows.filter(pk=key).first()
    if row is None:
        raise NotFound(message)
    return row


def uuid_of(identifier: object) -> UUID | None:
    """Parse a UUID in its canonical spelling; None for anything else."""
    if isinstance(identifier, UUID):
        return identifier
    if isinstance(identifier, str) and _CANONICAL_UUID.fullmatch(identifier):
        return UUID(identifier)
    return None
