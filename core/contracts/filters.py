"""Read list filters from query parameters."""

from collections.abc import Iterable

from core.errors import Invalid
from core.text import clean_text, has_control_characters

MAX_SEARCH_LENGTH = 100


def choice_param(value: str | None, choices: Iterable[str], name: str) -> str | None:
    """Return the parameter if it is one of `choices`, None if absent. Raises Invalid for anything else."""
    if not value:
        return None
    if value not in set(choices):
        raise Invalid({name: f"{name} must be one of {', '.join(choices)}"})
    return value


def flag_param(value: str | None, name: str) -> bool | None:
    """Return the parameter if it is `true` or `false`, None if absent. Raises Invalid for anything else."""
    if value is None:
        return None
    if value not in {"true", "false"}:
        raise Invalid({name: f"{name} must be true or false"})
    return value == "true"


def search_param(value: str | None, name: str = "search") -> str | None:
    """Return the search text, None if absent or empty. Raises Invalid for text that no row can contain."""
    text = clean_text(value or "").strip()
    if len(text) > MAX_SEARCH_LENGTH or "\n" in text or has_control_characters(text):
        raise Invalid({name: f"{name} must be at most {MAX_SEARCH_LENGTH} printable characters"})
    return text or None
