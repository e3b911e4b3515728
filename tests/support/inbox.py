"""What people were told by SMS."""

from accounts.models import User
from notifications.models import SmsMessage


def texts_to(person: User) -> list[str]:
    """Every text to this person, oldest first."""
    return list(SmsMessage.objects.filter(to=person.phone).order_by("created_at", "id").values_list("text", flat=True))


def last_text_to(person: User) -> str:
    return texts_to(person)[-1]
