"""The note that staff type beside a button: read, checked, and kept in the session if the button is refused."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from core.errors import DomainError
from core.notes import MAX_NOTE
from core.text import clean_text, has_control_characters

NOTE_NEEDED = "Say why, in the note"
NOTE_TOO_LONG = f"A note has at most {MAX_NOTE} characters"
NOTE_IS_NO_TEXT = "A note is text"
_KEPT_NOTE = "note_of_refused_action"


def read_note(request: HttpRequest, *, is_needed: bool = False) -> str:
    """Return the note of a POST, cleaned. Raises DomainError if it is missing but needed, too long, or not text."""
    note = clean_text(request.POST.get("note", "")).strip()
    if is_needed and not note:
        raise DomainError(NOTE_NEEDED)
    if len(note) > MAX_NOTE:
        raise DomainError(NOTE_TOO_LONG)
    if has_control_characters(note):
        raise DomainError(NOTE_IS_NO_TEXT)
    return note


def keep_note(request: HttpRequest, row: Model) -> None:
    """Keep the note in the session, for the page of the row to show it again."""
    if note := request.POST.get("note"):
        request.session[_KEPT_NOTE] = {"of": str(row.pk), "note": note[: MAX_NOTE * 2]}


def pop_kept_note(request: HttpRequest, row: Model) -> str:
    """Return the note kept for the page of the row, and forget it; empty if there is none."""
    kept: dict[str, Any] = request.session.get(_KEPT_NOTE, {})
    if kept.get("of") != str(row.pk):
        return ""
    del request.session[_KEPT_NOTE]
    return kept["note"]
