"""The columns of the board: where an order of any kind stands, as a dispatcher sees it."""

from dataclasses import dataclass

from orders.workflow import OrderStatus
from service_orders.workflow import ServiceOrderStatus

E, S = OrderStatus, ServiceOrderStatus


@dataclass(frozen=True)
class Phase:
    """One column, and the states of both kinds of orders that stand in it. No state is in two of them."""

    name: str
    title: str
    tone: str
    orders: tuple[str, ...]
    services: tuple[str, ...] = ()
    service_title: str = ""
    """Where there are service orders only."""

    @property
    def states(self) -> tuple[str, ...]:
        return self.orders + self.services


OPEN = [
    Phase("new", "New", "waiting", (E.INTEREST_RAISED,), (S.PENDING_VERIFICATION,), "To verify"),
    Phase("review", "Under review", "moving", (E.UNDER_REVIEW,)),
    Phase("accepted", "Accepted", "good", (E.ACCEPTED,), (S.VERIFIED,), "Verified"),
    Phase("pickup", "Pickup scheduled", "moving", (E.PICKUP_SCHEDULED,)),
    Phase("active", "Active", "good", (E.ACTIVE,)),
    Phase("completed", "Completed", "quiet", (E.COMPLETED,)),
]
ENDED = Phase(
    "ended",
    "Ended today",
    "quiet",
    (E.CLOSED, E.REJECTED, E.CANCELLED),
    (S.COMPLETED, S.REJECTED, S.CANCELLED),
    "Ended today",
)
PHASES = [*OPEN, ENDED]

OPEN_ORDERS = [state for phase in OPEN for state in phase.orders]
OPEN_SERVICES = [state for phase in OPEN for state in phase.services]
