"""Coloured badges of statuses: one tone for what a status asks of the reader, in every model."""

from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

TONES = {
    "waiting": {"INTEREST_RAISED", "PENDING_VERIFICATION", "PENDING", "DRAFT", "URGENT"},
    "moving": {"UNDER_REVIEW", "ONBOARDED", "PICKUP_SCHEDULED", "SENT", "RUNNING"},
    "good": {"ACCEPTED", "ACTIVE", "LIVE", "VERIFIED", "DELIVERED", "READY"},
    "bad": {"REJECTED", "CANCELLED", "TERMINATED", "SUSPENDED", "FAILED", "UNDER_MAINTENANCE", "EMERGENCY"},
}


def status_color(status: str) -> str:
    """Return the tone: `waiting` for a decision, `moving`, `good`, `bad`, or `quiet` for what has ended."""
    return next((tone for tone, statuses in TONES.items() if status.upper() in statuses), "quiet")


def humanize_status(status: str) -> str:
    """Return a status as people read it: "Pickup scheduled" for `PICKUP_SCHEDULED`."""
    return status.replace("_", " ").capitalize()


def label(text: str, tone: str = "quiet") -> SafeString:
    """Return a word as a small coloured label."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)


def badge(status: str) -> SafeString:
    """Return a status as a coloured label."""
    return label(humanize_status(status), status_color(status))


@admin.display(description="status", ordering="status")
def status_badge(self: object, row: Model) -> SafeString:
    """Return the badge of the row: `status_badge = status_badge` in the class, `"status_badge"` in `list_display`."""
    return badge(row.status)  # type: ignore[attr-defined]
