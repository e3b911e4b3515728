"""Rows that wait for somebody of the staff: said once, for the number on the home page and for the list behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Worklist:
    """One thing that some rows of a model may need of the staff. Asked anew each time, as "today" moves on."""

    name: str
    """As the address of the list says it: `?worklist=review`."""
    label: str
    """As the filter beside the list says it."""
    rows: Callable[[], Q]
    urgent: Callable[[], Q]
    """Which of these rows should not wait any longer."""
