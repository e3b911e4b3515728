"""Read the history, by order and by territory."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from events.models import FeedPosition, OrderEvent


def history_of(order_id: UUID) -> QuerySet[OrderEvent]:
    """Return all changes of one order, oldest first."""
    return OrderEvent.objects.filter(order_id=order_id).select_related("changed_by").order_by("created_at", "id")


def feed_after(territory_id: str, seq: int, *, limit: int) -> QuerySet[OrderEvent]:
    """Return up to `limit` events of a territory after number `seq`, in the order of their commits."""
    return OrderEvent.objects.filter(territory_id=territory_id, seq__gt=seq).order_by("seq")[:limit]


def newest_seq(territory_id: str) -> int:
    """Return the number of a territory's newest committed event, 0 if there is none."""
    return newest_seqs([territory_id])[territory_id]


def newest_seqs(territory_ids: Collection[str]) -> dict[str, int]:
    """Return the number of the newest committed event by territory, 0 for a territory without events."""
    positions = FeedPosition.objects.filter(territory_id__in=territory_ids).values_list("territory_id", "seq")
    return dict.fromkeys(territory_ids, 0) | dict(positions)
