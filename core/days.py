"""Days as people here count them."""

from datetime import date, datetime, time

from django.utils import timezone


def start_of(day: date) -> datetime:
    """The moment at which `day` begins, where the product is used (`settings.TIME_ZONE`)."""
    return timezone.make_aware(datetime.combine(day, time.min))
