"""Find, lock and filter service orders."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Case, SmallIntegerField, When

from core.database import uuid_of
from service_orders.choices import Priority
from service_orders.errors import OrderNotFound
from service_orders.workflow import ServiceOrderStatus

Row = TypeVar("Row", bound=models.Model)


def urgency() -> Case:
    """Return the rank of a priority in the queue, 0 for the most urgent. An index holds exactly this expression."""
    ranked = [Priority.EMERGENCY, Priority.URGENT]
    ranks = (When(priority=str(priority), then=rank) for rank, priority in enumerate(ranked))
    return Case(*ranks, default=len(ranked), output_field=SmallIntegerField())


class ServiceOrderQuerySet(models.QuerySet[Row]):
    def find(self, order_id: object) -> Row:
        """Return the order with this id. Raises OrderNotFound, also for a malformed id."""
        key = uuid_of(order_id)
        order = None if key is None else self.filter(pk=key).first()
        if order is None:
            raise OrderNotFound(str(order_id))
        return order

    def lock(self, order_id: object) -> Row:
        """Return the order, locked until the transaction ends. Raises OrderNotFound as `find`."""
        return self.select_for_update(of=("self",), no_key=True).find(order_id)

    def in_territory(self, territory_id: str) -> Self:
        return self.filter(territory_id=territory_id)

    def waiting(self) -> Self:
        """Filter to orders that wait for verification, in the order of the queue: urgent first, then the oldest."""
        return self.filter(status=ServiceOrderStatus.PENDING_VERIFICATION).order_by(urgency(), "created_at", "id")
