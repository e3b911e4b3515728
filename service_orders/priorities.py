"""How urgent a service order is."""

from django.db.models import Case, SmallIntegerField, TextChoices, When


class Priority(TextChoices):
    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


def urgency() -> Case:
    """The place of a priority among those who wait: 0 goes first. An index holds just this expression."""
    order = [Priority.EMERGENCY, Priority.URGENT]
    places = (When(priority=str(priority), then=place) for place, priority in enumerate(order))
    return Case(*places, default=len(order), output_field=SmallIntegerField())
