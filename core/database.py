"""What the product needs of PostgreSQL beyond Django's own words for it."""

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
# uuid.UUID also takes braces, "urn:uuid:" and any hyphens; an id has one spelling.
_CANONICAL_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", re.ASCII)


class DateRange(Func):
    """`daterange(start, end, '[]')`: the days from `start` to `end`, both included."""

    function = "daterange"

    def __init__(self, start: str, end: str):
        super().__init__(start, end, Value("[]", output_field=models.CharField()), output_field=DateRangeField())


@contextmanager
def translate_constraint_errors(**refusals: str | DomainError) -> Iterator[None]:
    """Turn the violation of a named constraint into the DomainError that says what it means.

    The block runs in a savepoint, so the transaction around it stays usable. Other violations pass through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in refusals:
            raise
        refusal = refusals[name]
        raise (refusal if isinstance(refusal, DomainError) else DomainError(refusal)) from None


def advisory_lock(*names: str) -> None:
    """Wait for, and keep until the transaction ends, the lock of each name: whoever holds the same name waits.

    For rules about rows that do not exist yet. Callers that hold several hold them in the same order.
    """
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def listen_connection_params() -> dict[str, Any]:
    """How Django connects, for a psycopg connection (of either kind) that waits for what PostgreSQL announces.

    One that died without a word is noticed within a minute.
    """
    keepalives = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    parameters = connection.get_connection_params() | keepalives
    del parameters["cursor_factory"]  # Django's is for synchronous connections
    return parameters


def find_by_id(rows: models.QuerySet[Row], identifier: object, refusal: str) -> Row:
    """The row with this id. Raises NotFound with `refusal`, also where `identifier` is no UUID at all."""
    key = uuid_of(identifier)
    row = None if key is None else rows.filter(pk=key).first()
    if row is None:
        raise NotFound(refusal)
    return row


def uuid_of(identifier: object) -> UUID | None:
    """The id that was sent, in its one spelling; None for what is no id at all."""
    if isinstance(identifier, UUID):
        return identifier
    if isinstance(identifier, str) and _CANONICAL_UUID.fullmatch(identifier):
        return UUID(identifier)
    return None
