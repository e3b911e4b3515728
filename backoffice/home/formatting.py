"""Format figures for the home page."""

from datetime import timedelta


def format_duration(duration: timedelta | None) -> str:
    """Format a duration by its two largest units: `2 days 4 h`, `3 h 20 min`, `45 min`; `-` for None."""
    if duration is None:
        return "-"
    minutes = round(duration.total_seconds() / 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return _join((days, "day" if days == 1 else "days"), (hours, "h"))
    return _join((hours, "h"), (minutes % 60, "min")) or "under a minute"


def format_percent(part: float, whole: float) -> str:
    """Format a share as `38 %`; `0 %` if the whole is 0."""
    return f"{round(100 * part / whole) if whole else 0} %"


def _join(*amounts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in amounts if number)
