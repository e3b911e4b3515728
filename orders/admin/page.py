"""What the page of one order shows beside its buttons."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from accounts.territories import territory_id_of
from core.days import format_date_range
from devices.models import Device, DeviceMedia
from devices.pricing import estimated_price
from notifications.admin_texts import texts_about
from orders.admin.obstacles import WAITING, bookings_beside, wishes_beside
from orders.models import Order
from orders.workflow import OrderStatus

CREATE_LEASES = "leases.add_lease"


def page_of(order: Order, reader: User | AnonymousUser) -> dict[str, Any]:
    """Everything but the buttons, as far as the reader may see it. About a dozen queries, whatever the order's age."""
    leases = list(order.leases.select_related("vle"))  # type: ignore[attr-defined]
    return {
        "order": order,
        "days": format_date_range(order.start_date, order.end_date),
        "length": (order.end_date - order.start_date).days + 1,
        "device": order.device,
        "picture": picture_of(order.device),
        "territory": territory_id_of(order.device.pincode),
        "price": price_of(order),
        "leases": leases,
        "create_lease": create_lease_url(order, reader),
        **texts_about(order.pk, *(lease.pk for lease in leases), reader=reader),
        **what_else(order),
    }


def picture_of(device: Device) -> DeviceMedia | None:
    """The primary picture; else the oldest."""
    return device.media.photos().order_by("-is_primary", "pk").first()  # type: ignore[attr-defined]


def price_of(order: Order) -> Decimal | None:
    """What these hours or acres cost by the prices of the first day."""
    return estimated_price(order.device, order.start_date, order.requested_hours, order.requested_acres)


def create_lease_url(order: Order, reader: User | AnonymousUser) -> str:
    """Where the lease of an accepted order is made; empty where that is not the next thing to do."""
    is_next = order.is_lease and order.status == OrderStatus.ACCEPTED and reader.has_perm(CREATE_LEASES)
    if not is_next or order.leases.standing().exists():  # type: ignore[attr-defined]
        return ""
    return reverse("admin:leases_lease_create", args=[order.pk])


def what_else(order: Order) -> dict[str, Any]:
    """While the order waits for an answer: what else is booked or wanted in its days."""
    if order.status not in WAITING:
        return {}
    bookings = bookings_beside(order)
    return {
        "rivals": [other for other in bookings if other.kind == order.kind],
        "other_bookings": [other for other in bookings if other.kind != order.kind],
        "wishes": wishes_beside(order),
        "current_lease": order.device.leases.active().select_related("vle").first()  # type: ignore[attr-defined]
        if order.is_lease
        else None,
    }
