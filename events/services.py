"""What writes the history."""

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from core.correlation import correlation_id
from events.models import OrderEvent, OrderKind


def record_change(
    *,
    order_id: UUID,
    kind: str,
    status: str,
    previous: str | None,
    by: Actor,
    territory_id: str | None,
    note: str | None = None,
    verification_data: dict[str, Any] | None = None,
) -> OrderEvent:
    """Append one change of status to the history, inside the transaction that makes it, as its last act.

    The insert takes the territory's next number under a lock that lasts until the commit: numbers come in the order
    of commits and leave no gap, and whoever holds the lock longer makes the whole territory wait.
    """
    return OrderEvent.objects.create(
        order_id=order_id,
        order_kind=OrderKind(kind),
        status=status,
        previous_status=previous,
        changed_by=by.user,
        source=by.source,
        note=note or "",
        verification_data=verification_data,
        correlation_id=correlation_id(),
        territory_id=territory_id,
    )
