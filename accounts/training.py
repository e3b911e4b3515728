"""Validity of training certificates."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import OperatorTraining

EXPIRY_NOTICE = timedelta(days=30)


def validity_of(training: OperatorTraining) -> tuple[str, str]:
    """Return the validity of a certificate as text, and the tone of its badge: `Expires on 1 Jan 2025`, `waiting`."""
    last, today = training.valid_till, timezone.localdate()
    if last is None:
        return "Valid", "good"
    day = date_format(last, "j M Y")
    if last < today:
        return f"Expired on {day}", "bad"
    return (f"Expires on {day}", "waiting") if last <= today + EXPIRY_NOTICE else (f"Valid till {day}", "good")
