"""Re-encrypt insurance data with a new key."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken

from service_orders.encryption import reencrypt
from service_orders.models import ServiceOrder


@dataclass
class Rotation:
    """Count the orders re-encrypted and those already under the first key; list tracking ids that no key decrypts."""

    reencrypted: int = 0
    current: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate_insurance_keys(*, batch_size: int) -> Rotation:
    """Encrypt the insurance data of all orders with the first key, batch by batch, and return what was done.

    Insurance data never change otherwise, so no row is locked; `updated_at` of an order stays.
    """
    done = Rotation()
    for orders in _batches(batch_size):
        stale = [order for order in orders if _reencrypt(order, done)]
        ServiceOrder.objects.bulk_update(stale, ["insurance_encrypted"])
        done.reencrypted += len(stale)
    return done


def _batches(size: int) -> Iterator[list[ServiceOrder]]:
    rows = ServiceOrder.objects.only("tracking_id", "insurance_encrypted").order_by("pk")
    batch = list(rows[:size])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:size])


def _reencrypt(order: ServiceOrder, done: Rotation) -> bool:
    """Re-encrypt in memory; return whether there is anything to save."""
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
