"""Refusing what was decided on a page that shows an older state."""

from datetime import datetime

from core.errors import StaleObjectError


def check_not_stale(updated_at: datetime, expected_updated_at: datetime | None) -> None:
    """Raise StaleObjectError if the locked row was changed after `expected_updated_at`; None skips the check."""
    if expected_updated_at is not None and updated_at != expected_updated_at:
        raise StaleObjectError
