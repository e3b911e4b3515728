"""Update single columns of a locked row."""

from collections.abc import Mapping
from typing import Any, TypeVar

from accounts.models import Timestamped

Row = TypeVar("Row", bound=Timestamped)


def update_columns(row: Row, changes: Mapping[str, Any]) -> Row:
    """Set and save these columns only, and `updated_at`. Return the row."""
    for column, value in changes.items():
        setattr(row, column, value)
    row.save(update_fields=[*changes, "updated_at"])
    return row
