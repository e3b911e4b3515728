"""Find, lock and filter orders."""

from typing import Self, TypeVar

from django.db import models

from accounts.actors import Actor
from accounts.territories import territory_id_for
from core.database import find_by_id
from orders.choices import Kind
from orders.workflow import BOOKED

Row = TypeVar("Row", bound=models.Model)


class OrderQuerySet(models.QuerySet[Row]):
    def find(self, order_id: object) -> Row:
        """Return the order with this id. Raises NotFound, also for a malformed id."""
        return find_by_id(self, order_id, "Order not found")

    def lock(self, order_id: object) -> Row:
        """Return the order with its territory, requester and handler, locked until the transaction ends.

        Lock its device first if the order is to hold it. Raises NotFound as `find`.
        """
        rows = self.with_territory().select_related("requester", "handler_vle__user")
        return rows.select_for_update(of=("self",), no_key=True).find(order_id)

    def with_territory(self) -> Self:
        """Annotate orders with `territory_id`, that of the device's PIN code; None outside all territories."""
        return self.annotate(territory_id=territory_id_for("device__pincode"))

    def placed_by(self, actor: Actor) -> Self:
        """Filter to what the actor requested in the active role: LEASE orders as a VLE, RENT orders as a farmer."""
        if actor.is_vle or actor.is_farmer:
            return self.filter(requester=actor.user, kind=Kind.LEASE if actor.is_vle else Kind.RENT)
        return self.none()

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def booked(self) -> Self:
        """Filter to orders that hold their device."""
        return self.filter(status__in=BOOKED)

    def handled_by(self, actor: Actor) -> Self:
        """Filter to RENT orders assigned to the actor's VLE profile."""
        return self.filter(handler_vle=actor.vle)
