"""The template context of the page of an order."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.territories import territory_id_of
from core.days import format_date_range
from devices.models import Device, DeviceMedia
from devices.pricing import estimated_price
from notifications.admin.related_messages import messages_about
from orders.admin.conflicts import WAITING, competing_orders, overlapping_bookings
from orders.models import Order
from orders.workflow import OrderStatus

ADD_LEASE = "leases.add_lease"


def order_context(order: Order, user: User) -> dict[str, Any]:
    """Return everything but the buttons, as far as the user may see it, in about a dozen queries."""
    leases = list(order.leases.select_related("vle"))
    return {
        "order": order,
        "days": format_date_range(order.start_date, order.end_date),
        "length": (order.end_date - order.start_date).days + 1,
        "device": order.device,
        "photo": photo_of(order.device),
        "territory": territory_id_of(order.device.pincode),
        "price": price_of(order),
        "leases": leases,
        "create_lease_url": create_lease_url(order, user),
        **messages_about(order.pk, *(lease.pk for lease in leases), user=user),
        **conflicts_context(order),
    }


def photo_of(device: Device) -> DeviceMedia | None:
    """Return the primary photo, or else the oldest; None if there is none."""
    return device.media.photos().order_by("-is_primary", "pk").first()


def price_of(order: Order) -> Decimal | None:
    """Return what the requested hours or acres cost in rupees at the prices of the first day; None without a price."""
    return estimated_price(order.device, order.start_date, order.requested_hours, order.requested_acres)


def create_lease_url(order: Order, user: User) -> str:
    """Return where the lease of an accepted order is made; empty if that is not what comes next."""
    is_next = order.is_lease and order.status == OrderStatus.ACCEPTED and user.has_perm(ADD_LEASE)
    if not is_next or order.leases.standing().exists():
        return ""
    return reverse("admin:leases_lease_create", args=[order.pk])


def conflicts_context(order: Order) -> dict[str, Any]:
    """Return what else is booked or wanted in the days of an order that waits for an answer."""
    if order.status not in WAITING:
        return {}
    bookings = overlapping_bookings(order)
    return {
        "conflicting_orders": [other for other in bookings if other.kind == order.kind],
        "other_bookings": [other for other in bookings if other.kind != order.kind],
        "competing_orders": competing_orders(order),
        "current_lease": order.device.leases.active().select_related("vle").first() if order.is_lease else None,
    }
