"""Define worklists once, for the count on the home page and for the filtered list behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Worklist:
    """Define the rows of a model that wait for one staff task. Conditions are functions, as "today" moves on."""

    name: str
    """The value in the list's URL: `?worklist=review`."""
    label: str
    """The label of the list's filter."""
    rows: Callable[[], Q]
    urgent: Callable[[], Q]
    """Return the condition of rows that are urgent."""
