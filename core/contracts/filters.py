"""What a list is narrowed by, read from the query."""

from collections.abc import Iterable

from core.contracts.fields import is_unprintable
from core.errors import Invalid

MAX_SEARCH_LENGTH = 100


def choice_param(value: str | None, choices: Iterable[str], name: str) -> str | None:
    """A filter's value, if it is one of `choices`; None when nothing was asked. Raises Invalid for anything else."""
    if not value:
        return None
    if value not in set(choices):
        raise Invalid({name: f"{name} must be one of {', '.join(choices)}"})
    return value


def search_param(value: str | None, name: str = "search") -> str | None:
    """The text that is searched for; None when nothing was asked. Raises Invalid for what no row can contain."""
    if value and (len(value) > MAX_SEARCH_LENGTH or any(map(is_unprintable, value))):
        raise Invalid({name: f"{name} must be at most {MAX_SEARCH_LENGTH} printable characters"})
    return value.strip() if value else None
