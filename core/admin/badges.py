"""Render statuses as badges: a label in the colour that its declaration gives it."""

from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.statuses import Tone, find_status

OTHER_TONES = {
    Tone.WAITING: {"PENDING", "URGENT"},
    Tone.MOVING: {"SENT", "RUNNING"},
    Tone.GOOD: {"DELIVERED", "READY"},
    Tone.BAD: {"SUSPENDED", "FAILED", "EMERGENCY"},
}
"""What is shown as a badge without being the status of a workflow: SMS messages, exports, profiles, priorities."""


def status_color(status: str) -> str:
    """Return the tone of a status of any workflow, or of one of `OTHER_TONES`; else `quiet`."""
    if declared := find_status(status):
        return declared.tone
    return next((tone for tone, values in OTHER_TONES.items() if status.upper() in values), Tone.QUIET)


def humanize_status(status: str) -> str:
    """Return the label of a status of any workflow; else the value in words: `PUSH_TOKEN` is "Push token"."""
    declared = find_status(status)
    return declared.label if declared else status.replace("_", " ").capitalize()


def label(text: str, tone: str = Tone.QUIET) -> SafeString:
    """Render a word as a small coloured label."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)


def badge(status: str) -> SafeString:
    """Render a status as such a label."""
    return label(humanize_status(status), status_color(status))


@admin.display(description="status", ordering="status")
def status_badge(self: object, row: Model) -> SafeString:
    """Render the column `status` of a list.

    Assign it in the class, `status_badge = status_badge`, and name it in `list_display`.
    """
    return badge(row.status)  # type: ignore[attr-defined]
