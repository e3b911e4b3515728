"""Declare the statuses of a workflow, each with everything known about it, in one place.

    class OrderStatus(Status):
        ACCEPTED = status("ACCEPTED", "Accepted", action="Accept", tone=Tone.GOOD, column=Column.ACCEPTED, books=True)

Labels, badges, buttons, bulk actions, diagrams, the columns of the board and the demo are derived from these lines.
"""

from enum import StrEnum
from functools import cache
from typing import Any, Self

from django.db.models import TextChoices


class Tone(StrEnum):
    """Colour a status by what it asks of the reader."""

    WAITING = "waiting"  # for a decision
    MOVING = "moving"  # in progress
    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"  # over, or nothing to do


class Column(TextChoices):
    """List the columns of the live board in their order; the label is the title."""

    NEW = "new", "New"
    REVIEW = "review", "Under review"
    ACCEPTED = "accepted", "Accepted"
    PICKUP = "pickup", "Pickup scheduled"
    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"
    ENDED = "ended", "Ended today"


class Status(TextChoices):
    """Represent one status of a workflow; members are declared by `status(...)`."""

    action: str
    tone: Tone
    column: Column | None
    is_booked: bool
    is_final: bool
    is_on_main_path: bool

    def __new__(cls, value: str, *declared: Any) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.action, member.tone, member.column, *flags = declared
        member.is_booked, member.is_final, member.is_on_main_path = flags
        return member

    @classmethod
    def booked(cls) -> tuple[Self, ...]:
        """Return the statuses that hold a device."""
        return tuple(each for each in cls if each.is_booked)

    @classmethod
    def final(cls) -> tuple[Self, ...]:
        """Return the statuses at which no transition starts."""
        return tuple(each for each in cls if each.is_final)

    @classmethod
    def main_path(cls) -> tuple[Self, ...]:
        """Return the statuses that a row goes through if all goes well, in their order."""
        return tuple(each for each in cls if each.is_on_main_path)

    @classmethod
    def actions(cls) -> dict[str, str]:
        """Return the label of the button that leads to each status, for those that staff may choose."""
        return {each: each.action for each in cls if each.action}

    @classmethod
    def in_column(cls, column: Column) -> tuple[Self, ...]:
        """Return the statuses that stand in this column of the board."""
        return tuple(each for each in cls if each.column == column)


def status(
    value: str,
    label: str,
    *,
    action: str,
    tone: Tone,
    column: Column | None = None,
    books: bool = False,
    final: bool = False,
    on_main_path: bool = True,
) -> tuple[str, str, Tone, Column | None, bool, bool, bool, str]:
    """Declare a member of a `Status` class.

    `action` labels the button that leads to it; empty where staff have none. `column` is its column on the board.
    A status that `books` holds the device; no transition starts at a `final` one.
    """
    return value, action, tone, column, books, final, on_main_path, label  # Django takes the last one as the label


def find_status(value: str) -> Status | None:
    """Return the declared status with this value, None if no workflow has one."""
    return _declared_statuses().get(value)


@cache
def _declared_statuses() -> dict[str, Status]:
    return {each.value: each for statuses in Status.__subclasses__() for each in statuses}
