"""Write enquiries (`Intent`): interest in a device, often noted before logging in; an order consumes one."""

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
DELETED_AT_ONCE = 100


@transaction.atomic
def note_intent(
    *,
    user: User | None,
    device: Device,
    kind: str,
    requested_hours: Decimal | None = None,
    requested_acres: Decimal | None = None,
) -> Intent:
    """Store an enquiry about `device` and return it; it expires after 30 minutes. `user` is None before logging in."""
    _delete_expired()
    return Intent.objects.create(
        user=user,
        device=device,
        kind=kind,
        requested_hours=requested_hours,
        requested_acres=requested_acres,
        expires_at=timezone.now() + INTENT_LIFETIME,
    )


def consume_intent(intent_id: object, *, user: User, order: Order) -> bool:
    """Link the enquiry to the order that follows it; return whether it was usable.

    An enquiry that is unknown, malformed, expired, used, another user's or about another device is ignored silently.
    One noted before logging in belongs to no user: everyone who knows its id may use it.
    """
    key = uuid_of(intent_id)
    if key is None:
        return False
    usable = Intent.objects.filter(Q(user=user) | Q(user=None), order=None, expires_at__gt=timezone.now())
    return bool(usable.filter(pk=key, device=order.device_id).update(order=order))


def _delete_expired() -> None:
    # Every insert deletes some old rows: anonymous enquiries never pile up, and no timer is needed.
    expired = Intent.objects.filter(order=None, expires_at__lt=timezone.now()).select_for_update(skip_locked=True)
    Intent.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:DELETED_AT_ONCE])).delete()
