"""Refusing what was decided on a page that shows an older state."""

from datetime import datetime

from core.errors import ChangedMeanwhile


def must_be_as_seen(updated_at: datetime, seen: datetime | None) -> None:
    """Raises ChangedMeanwhile where the locked row was written after it was `seen`; None: the caller saw no page."""
    if seen is not None and updated_at != seen:
        raise ChangedMeanwhile
