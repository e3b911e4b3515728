"""Compose the SMS messages about an order (contract, "SMS Notifications")."""

from collections.abc import Iterator
from decimal import Decimal

from accounts.models import Role, User
from notifications.services import Notification, Related, notify
from orders.models import Order
from orders.workflow import OrderStatus

CREATED = "ORDER_CREATED"
STATUS_UPDATED = "ORDER_STATUS_UPDATED"
REJECTED = "ORDER_REJECTED"
CANCELLED = "ORDER_CANCELLED"
NO_REASON = "No reason provided"


def notify_order_placed(order: Order) -> None:
    """Ask the handlers to review a new order, and tell the requester who will."""
    details = f"Device: {short_id(order.device_id)}, Requested: {_amounts(order)}."
    origin = "created by VLE" if order.is_lease else "from Farmer"
    reviewer = "We'll review it shortly." if order.is_lease else "VLE will review it shortly."
    to_handler = f"New {order.kind} order #{order.short_id} {origin}. {details} Please review."
    to_requester = f"Your {order.kind} order #{order.short_id} has been submitted successfully. {details} {reviewer}"
    _notify(order, CREATED, handlers=to_handler, requester=to_requester)


def notify_status_changed(order: Order, *, previous: str, note: str | None) -> None:
    """Notify requester and handlers of a new status; of a rejection only the requester, of a cancellation the handlers.

    `note` is the reason of a rejection.
    """
    if order.status == OrderStatus.REJECTED:
        reason = " ".join(note.split()) if note else NO_REASON
        _notify(order, REJECTED, requester=f"Your order #{order.short_id} has been rejected. Reason: {reason}")
    elif order.status == OrderStatus.CANCELLED:
        _notify(order, CANCELLED, handlers=f"Order #{order.short_id} has been cancelled by the requester.")
    else:
        change = f"status updated: {previous} → {order.status}"
        _notify(
            order,
            STATUS_UPDATED,
            handlers=f"Order #{order.short_id} you're handling {change}",
            requester=f"Your order #{order.short_id} {change}",
        )


def short_id(identifier: object) -> str:
    """Return the first 8 characters of an id, by which SMS messages name a device or an order."""
    return str(identifier)[:8]


def _notify(order: Order, event: str, *, handlers: str | None = None, requester: str | None = None) -> None:
    notifications = [Notification(event, handler, handlers) for handler in _handlers(order)] if handlers else []
    if requester:
        notifications.append(Notification(event, order.requester, requester))
    # No order comes to the same status twice, so the status tells its events apart.
    notify(notifications, about=Related("ORDER", order.pk, occasion=order.status))


def _handlers(order: Order) -> Iterator[User]:
    if order.is_lease:
        yield from User.objects.filter(is_active=True, role_assignments__role=Role.ADMIN)
    elif order.handler_vle is not None:
        yield order.handler_vle.user


def _amounts(order: Order) -> str:
    return f"{_number(order.requested_hours)} hours / {_number(order.requested_acres)} acres"


def _number(value: Decimal | None) -> str:
    return "N/A" if value is None else str(float(value))
