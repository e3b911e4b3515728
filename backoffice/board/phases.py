"""Derive the columns of the board from the statuses: where an order of any kind stands, as a dispatcher sees it."""

from dataclasses import dataclass

from core.statuses import Column, Status, Tone
from orders.workflow import OrderStatus
from service_orders.workflow import ServiceOrderStatus

SERVICE_TITLES = {Column.NEW: "To verify", Column.ACCEPTED: "Verified"}
"""Titles of columns in which there are service orders only."""


@dataclass(frozen=True)
class Phase:
    """Represent one column, and the statuses of both kinds of orders that stand in it."""

    name: str
    title: str
    service_title: str
    orders: tuple[Status, ...]
    services: tuple[Status, ...]

    @property
    def states(self) -> tuple[Status, ...]:
        return self.orders + self.services

    @property
    def tone(self) -> Tone:
        return self.states[0].tone


def _phase(column: Column) -> Phase:
    orders, services = OrderStatus.in_column(column), ServiceOrderStatus.in_column(column)
    title = str(column.label)
    return Phase(column.value, title, SERVICE_TITLES.get(column, title) if services else "", orders, services)


PHASES = [_phase(column) for column in Column]
ENDED = next(phase for phase in PHASES if phase.name == Column.ENDED)
OPEN_ORDERS = [status for phase in PHASES if phase is not ENDED for status in phase.orders]
OPEN_SERVICES = [status for phase in PHASES if phase is not ENDED for status in phase.services]
