"""Questions about many service orders."""

from typing import TYPE_CHECKING

from django.db import models

from core.database import uuid_of
from service_orders.errors import OrderNotFound
from service_orders.priorities import urgency
from service_orders.workflow import ServiceOrderStatus

if TYPE_CHECKING:
    from service_orders.models import ServiceOrder


class ServiceOrderQuerySet(models.QuerySet["ServiceOrder"]):
    def find(self, order_id: str) -> "ServiceOrder":
        """Return the order with this id. Raises OrderNotFound, also for what is no id at all."""
        key = uuid_of(order_id)
        order = None if key is None else self.filter(pk=key).first()
        if order is None:
            raise OrderNotFound(order_id)
        return order

    def lock(self, order_id: object) -> "ServiceOrder":
        """Return the order, locked until the transaction ends. Raises OrderNotFound."""
        return self.select_for_update(no_key=True).find(str(order_id))

    def in_territory(self, territory_id: str) -> "ServiceOrderQuerySet":
        return self.filter(territory_id=territory_id)

    def waiting(self) -> "ServiceOrderQuerySet":
        """Those that wait to be verified, in the order in which they are looked at: urgent first, then the oldest."""
        return self.filter(status=ServiceOrderStatus.PENDING_VERIFICATION).order_by(urgency(), "created_at", "id")
