"""Convert and format calendar days."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format


def start_of(day: date) -> datetime:
    """Return midnight of `day` in `settings.TIME_ZONE`."""
    return timezone.make_aware(datetime.combine(day, time.min))


def format_date_range(first: date, last: date) -> str:
    """Return `3 to 7 Dec`, `28 Nov to 3 Dec` or `3 Dec`, with the year unless both days are in the current one."""
    this_year = first.year == last.year == timezone.localdate().year
    end = date_format(last, "j M" if this_year else "j M Y")
    if first == last:
        return end
    if first.year != last.year:
        return f"{date_format(first, 'j M Y')} to {end}"
    same_month = first.month == last.month
    return f"{first.day if same_month else date_format(first, 'j M')} to {end}"
