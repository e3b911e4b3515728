"""What a list says of a row when it leaves as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

ID_WIDTH = 38


@dataclass(frozen=True)
class Column:
    """One column: its heading, and where the database finds its value.

    `source` is a path like `requester__phone`, an annotation of the list, or an expression; `shown` turns the value
    into the one that is written. `width` is in characters.
    """

    heading: str
    source: str | Combinable
    shown: Callable[[Any], Any] | None = None
    width: int = 18

    def value(self, found: Any) -> Any:
        return found if self.shown is None or found is None else self.shown(found)


def values_of(rows: QuerySet, columns: Sequence[Column]) -> QuerySet:
    """The rows as tuples, in one query however many tables the columns reach into."""
    return rows.prefetch_related(None).values_list(*(column.source for column in columns))
