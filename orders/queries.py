"""Questions about many orders."""

from typing import TYPE_CHECKING

from django.db import models

from accounts.actors import Actor
from accounts.territories import territory_id_for
from core.database import find_by_id
from orders.workflow import BOOKED

if TYPE_CHECKING:
    from orders.models import Order


class OrderQuerySet(models.QuerySet["Order"]):
    def find(self, order_id: object) -> "Order":
        """Return the order with this id. Raises NotFound, also for what is no id at all."""
        return find_by_id(self, order_id, "Order not found")

    def lock(self, order_id: object) -> "Order":
        """Return the order with its territory and people, locked until the transaction ends. Raises NotFound.

        Lock its device first where the order is to hold it.
        """
        rows = self.with_territory().select_related("requester", "handler_vle__user")
        return rows.select_for_update(of=("self",), no_key=True).find(order_id)

    def with_territory(self) -> "OrderQuerySet":
        """Adds `territory_id`: the territory of the device's PIN code, None outside of all."""
        return self.annotate(territory_id=territory_id_for("device__pincode"))

    def placed_by(self, actor: Actor) -> "OrderQuerySet":
        """What the actor asked for in the active role: LEASE orders as a VLE, RENT orders as a farmer."""
        if actor.is_vle or actor.is_farmer:
            return self.filter(requester=actor.user, kind="LEASE" if actor.is_vle else "RENT")
        return self.none()

    def of_kind(self, kind: str) -> "OrderQuerySet":
        return self.filter(kind=kind)

    def booked(self) -> "OrderQuerySet":
        """The orders that hold their device."""
        return self.filter(status__in=BOOKED)

    def handled_by(self, actor: Actor) -> "OrderQuerySet":
        """The RENT orders assigned to the actor's VLE profile."""
        return self.filter(handler_vle=actor.vle)
