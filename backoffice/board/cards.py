"""Build the JSON objects of the board: cards of orders and lines of the activity column.

Orders are annotated with `territory_id` and `mark`, the feed position of their newest change.
"""

from typing import Any

from accounts.models import User
from events.choices import OrderKind
from events.models import OrderEvent


def order_card(order: Any) -> dict[str, Any]:
    """Return the card of an equipment order."""
    dates = {"start": order.start_date.isoformat(), "end": order.end_date.isoformat()}
    return _card(order, order.kind, order.device.name, order.requester) | dates


def service_card(order: Any) -> dict[str, Any]:
    """Return the card of a service order, without its insurance data."""
    return _card(order, OrderKind.SERVICE.value, order.service_type, order.created_by) | {"priority": order.priority}


def _card(order: Any, kind: str, subject: str, person: User) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "kind": kind,
        "status": order.status,
        "what": subject,
        "who": _display_name(person),
        "start": None,
        "end": None,
        "priority": "",
        "territory": order.territory_id,
        "since": order.updated_at.isoformat(),
        "mark": order.mark,
    }


def change_line(event: OrderEvent) -> dict[str, Any]:
    """Return the fields of a `status_change` frame that the board uses, and the name of the user."""
    return {
        "order_id": str(event.order_id),
        "order_kind": event.order_kind,
        "status": event.status,
        "territory_id": event.territory_id,
        "seq": event.seq,
        "timestamp": event.created_at.isoformat(),
        "by": _display_name(event.changed_by) if event.changed_by else "",
    }


def _display_name(user: User) -> str:
    """Return the name, or the last digits of the phone: visitors can see the board, so the number stays hidden."""
    return user.name or f"…{user.phone[-4:]}"
