"""Read the SMS messages of a user."""

from accounts.models import User
from notifications.models import SmsMessage


def texts_to(person: User) -> list[str]:
    """Return every text to this user, oldest first."""
    return list(SmsMessage.objects.filter(to=person.phone).order_by("created_at", "id").values_list("text", flat=True))


def last_text_to(person: User) -> str:
    return texts_to(person)[-1]
