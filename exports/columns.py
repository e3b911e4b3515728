"""Describe the columns of an exported list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

ID_WIDTH = 38


@dataclass(frozen=True)
class Column:
    """Describe one exported column: its heading and where its value comes from.

    `source` is a path like `requester__phone`, an annotation of the list, or an expression; `shown` converts
    the value to the one that is written. `width` is in characters.
    """

    heading: str
    source: str | Combinable
    shown: Callable[[Any], Any] | None = None
    width: int = 18

    def value(self, found: Any) -> Any:
        return found if self.shown is None or found is None else self.shown(found)


def values_of(rows: QuerySet, columns: Sequence[Column]) -> QuerySet:
    """Return the rows as tuples of column values, in one query however many tables the columns span."""
    return rows.prefetch_related(None).values_list(*(column.source for column in columns))
