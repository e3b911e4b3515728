"""How a state looks: one tone for what it asks of the reader, whichever kind of thing is in it."""

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


def status_color(state: str) -> str:
    """`waiting` for somebody to act, `moving`, `good`, `bad`, or `quiet` for what is over."""
    return next((tone for tone, states in TONES.items() if state.upper() in states), "quiet")


def humanize_status(state: str) -> str:
    """A state as people read it: `PICKUP_SCHEDULED` is "Pickup scheduled"."""
    return state.replace("_", " ").capitalize()


def label(text: str, tone: str = "quiet") -> SafeString:
    """A word as a small coloured label."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)


def badge(state: str) -> SafeString:
    """A state as such a label."""
    return label(humanize_status(state), status_color(state))


@admin.display(description="status", ordering="status")
def status_badge(self: object, row: Model) -> SafeString:
    """The column `status` of a list: `status_badge = status_badge` in the class, `"status_badge"` in `list_display`."""
    return badge(row.status)  # type: ignore[attr-defined]
