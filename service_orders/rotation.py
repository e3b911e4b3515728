"""Moving insurance data to a new key."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken

from service_orders.encryption import reencrypt
from service_orders.models import ServiceOrder


@dataclass
class Rotation:
    """How many orders were sealed anew and how many were already; the tracking ids of those that no key opens."""

    renewed: int = 0
    current: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate_insurance_keys(*, batch_size: int) -> Rotation:
    """Seal the insurance data of all orders with the first key, batch by batch; what is under it stays as it is.

    Insurance data never change otherwise, so nothing is locked; an order's `updated_at` stays as it is.
    """
    done = Rotation()
    for orders in _batches(batch_size):
        stale = [order for order in orders if _reseal(order, done)]
        ServiceOrder.objects.bulk_update(stale, ["insurance_encrypted"])
        done.renewed += len(stale)
    return done


def _batches(size: int) -> Iterator[list[ServiceOrder]]:
    rows = ServiceOrder.objects.only("tracking_id", "insurance_encrypted").order_by("pk")
    batch = list(rows[:size])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:size])


def _reseal(order: ServiceOrder, done: Rotation) -> bool:
    """Seal anew in memory; whether there is anything to save."""
    try:
        ciphertext = reencrypt(order.insurance_encrypted)
    except InvalidToken:
        done.unreadable.append(order.tracking_id)
        return False
    if ciphertext is None:
        done.current += 1
        return False
    order.insurance_encrypted = ciphertext
    return True
