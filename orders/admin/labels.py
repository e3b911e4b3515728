"""Effects of the transitions of an order, and why there are none."""

from orders.models import Order
from orders.workflow import OrderStatus as S

EFFECTS: dict[str, str] = {
    S.UNDER_REVIEW: "{name} can no longer cancel it.",
    S.ACCEPTED: "The device is booked for these days, and the lease can be made.",
    S.REJECTED: "This is final. {name} reads your note as the reason in an SMS; no other SMS is sent.",
    S.COMPLETED: "The device stays booked until the order is closed.",
    S.CLOSED: "This is final, and frees these days of the device.",
}
NOTIFIED = "{name} and the admins are told by SMS."


def effect_of(order: Order, to: str) -> str:
    """Return what a transition of a LEASE order does beyond the status, and who gets an SMS."""
    notified = "" if to == S.REJECTED else NOTIFIED
    return " ".join(filter(None, [EFFECTS.get(to, ""), notified])).format(name=_name(order))


def no_transition_reason(order: Order, *, may_change: bool) -> str:
    """Return why there are no buttons."""
    if order.status in S.final():
        return "This order has come to its end: nothing more can happen to it."
    if order.handler_vle is not None:
        return f"{order.handler_vle} leases this device, and so decides on this RENT order; admins only look on."
    return "" if may_change else "You may look at orders, but not change them."


def _name(order: Order) -> str:
    # `format` does not read it again: a name with braces is shown as it is.
    return order.requester.name or order.requester.phone
