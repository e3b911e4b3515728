"""Wishes noted while looking around, often before logging in; an order that names one consumes it."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.database import uuid_of
from devices.models import Device
from orders.models import Intent, Order

INTENT_LIFETIME = timedelta(minutes=30)
_SWEPT_AT_ONCE = 100


@transaction.atomic
def note_intent(
    *,
    user: User | None,
    device: Device,
    kind: str,
    requested_hours: Decimal | None = None,
    requested_acres: Decimal | None = None,
) -> Intent:
    """Note that somebody would like to have `device`; good for 30 minutes. Without a user it belongs to nobody."""
    _sweep_expired()
    return Intent.objects.create(
        user=user,
        device=device,
        kind=kind,
        requested_hours=requested_hours,
        requested_acres=requested_acres,
        expires_at=timezone.now() + INTENT_LIFETIME,
    )


def consume_intent(intent_id: object, *, user: User, order: Order) -> bool:
    """Tie the intent to the order that came of it; answers whether it was.

    What is unknown, malformed, expired, used, another user's or about another device is ignored without a word.
    An intent noted before logging in belongs to nobody: whoever knows its id may use it.
    """
    key = uuid_of(intent_id)
    if key is None:
        return False
    open_to_user = Intent.objects.filter(Q(user=user) | Q(user=None), order=None, expires_at__gt=timezone.now())
    return bool(open_to_user.filter(pk=key, device=order.device_id).update(order=order))


def _sweep_expired() -> None:
    # Whoever adds a row takes away old ones: anonymous wishes never pile up, and no timer is needed for it.
    expired = Intent.objects.filter(order=None, expires_at__lt=timezone.now()).select_for_update(skip_locked=True)
    Intent.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:_SWEPT_AT_ONCE])).delete()
