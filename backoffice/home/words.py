"""Figures as people say them."""

from datetime import timedelta

KINDS = {"LEASE": "Lease", "RENT": "Rent", "SERVICE": "Service"}
"""The kinds of orders, in the order in which pictures stack them."""


def in_words(time: timedelta | None) -> str:
    """A duration by its two largest units: `2 days 4 h`, `3 h 20 min`, `45 min`."""
    if time is None:
        return "-"
    minutes = round(time.total_seconds() / 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return _joined((days, "day" if days == 1 else "days"), (hours, "h"))
    return _joined((hours, "h"), (minutes % 60, "min")) or "under a minute"


def percent(part: float, whole: float) -> str:
    """`38 %`; of nothing, `0 %`."""
    return f"{round(100 * part / whole) if whole else 0} %"


def _joined(*amounts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in amounts if number)
