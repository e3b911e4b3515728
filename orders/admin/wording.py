"""What the steps of an order do, in a sentence beside each button."""

from orders.models import Order
from orders.workflow import OrderStatus as S

ROAD, VERBS = S.main_path(), S.actions()
AFTER = {
    S.UNDER_REVIEW: "{name} can no longer cancel it.",
    S.ACCEPTED: "The device is booked for these days, and the lease can be made.",
    S.REJECTED: "This is final. {name} reads your note as the reason in an SMS; nobody else is told.",
    S.COMPLETED: "The device stays booked until the order is closed.",
    S.CLOSED: "This is final, and frees these days of the device.",
}
TOLD = "{name} and the admins are told by SMS."


def after(order: Order, to: str) -> str:
    """What a step of a LEASE order does beyond the state, and who hears of it."""
    told = "" if to == S.REJECTED else TOLD
    return " ".join(filter(None, [AFTER.get(S(to), ""), told])).format(name=_name(order))


def why_none(order: Order, *, may_move: bool) -> str:
    """Why no step is offered."""
    if S(order.status).is_final:
        return "This order has come to its end: nothing more can happen to it."
    if order.handler_vle is not None:
        return f"{order.handler_vle} leases this device, and so decides on this RENT order; admins only look on."
    return "" if may_move else "You may look at orders, but not move them."


def _name(order: Order) -> str:
    # A name with braces in it must not be read as a place for another.
    return order.requester.name or order.requester.phone
