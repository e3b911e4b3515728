"""Write the order history: nothing else inserts into it."""

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from core.correlation import correlation_id
from events.choices import OrderKind
from events.models import OrderEvent


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
    """Append one change of status to the history. Call it last in the transaction of the change.

    The insert assigns the territory's next number under a row lock that lasts until the commit. So numbers follow the
    order of commits without gaps, and a long transaction blocks all writers of the territory.
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
