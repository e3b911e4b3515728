"""What the page of one order shows beside its buttons."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.territories import territory_id_of
from devices.models import Device, DeviceMedia
from devices.pricing import estimated_price
from notifications.models import SmsMessage
from notifications.parts import parts_of
from orders.admin.lists import days_of
from orders.admin.obstacles import WAITING, bookings_beside, wishes_beside
from orders.models import Kind, Order
from orders.workflow import OrderStatus

TEXTS_SHOWN = 20
SEE_TEXTS = "notifications.view_smsmessage"
SEND_TEXTS = "notifications.change_smsmessage"
CREATE_LEASES = "leases.add_lease"
LEASE_IS_VOID = "TERMINATED"


def page_of(order: Order, reader: User | AnonymousUser) -> dict[str, Any]:
    """Everything but the buttons, as far as the reader may see it. About a dozen queries, whatever the order's age."""
    leases = list(order.leases.select_related("vle").all())  # type: ignore[attr-defined]
    return {
        "order": order,
        "days": days_of(order),
        "length": (order.end_date - order.start_date).days + 1,
        "device": order.device,
        "picture": picture_of(order.device),
        "territory": territory_id_of(order.device.pincode),
        "price": price_of(order),
        "leases": leases,
        "create_lease": create_lease_url(order, leases, reader),
        **texts_about(order, leases, reader),
        **what_else(order),
    }


def picture_of(device: Device) -> DeviceMedia | None:
    """The primary picture; else the oldest."""
    return device.media.pictures().order_by("-is_primary", "pk").first()  # type: ignore[attr-defined]


def price_of(order: Order) -> Decimal | None:
    """What these hours or acres cost by the prices of the first day."""
    return estimated_price(order.device, order.start_date, order.requested_hours, order.requested_acres)


def create_lease_url(order: Order, leases: Iterable[Any], reader: User | AnonymousUser) -> str:
    """Where the lease of an accepted order is made; empty where that is not the next thing to do."""
    is_next = order.kind == Kind.LEASE and order.status == OrderStatus.ACCEPTED
    if not is_next or any(lease.status != LEASE_IS_VOID for lease in leases) or not reader.has_perm(CREATE_LEASES):
        return ""
    try:
        return reverse("admin:leases_lease_create", args=[order.pk])
    except NoReverseMatch:
        return ""


def texts_about(order: Order, leases: Iterable[Any], reader: User | AnonymousUser) -> dict[str, Any]:
    """The SMS about the order and its leases: failed ones first, then the newest."""
    if not reader.has_perm(SEE_TEXTS):
        return {"may_see_texts": False}
    texts = SmsMessage.objects.filter(related_id__in=[order.pk, *(lease.pk for lease in leases)])
    newest = list(texts.select_related("recipient").order_by("-created_at", "-pk")[: TEXTS_SHOWN + 1])
    failed = list(texts.select_related("recipient").filter(status=SmsMessage.Status.FAILED)[:TEXTS_SHOWN])
    shown = dict.fromkeys([*failed, *newest[:TEXTS_SHOWN]])
    return {
        "may_see_texts": True,
        "may_send_texts": reader.has_perm(SEND_TEXTS),
        "texts": [(text, parts_of(text.text)) for text in shown],
        "more_texts": len(newest) > TEXTS_SHOWN,
        "failed_texts": len(failed),
    }


def what_else(order: Order) -> dict[str, Any]:
    """While the order waits for an answer: what else is booked or wanted in its days."""
    if order.status not in WAITING:
        return {}
    bookings = bookings_beside(order)
    return {
        "rivals": [other for other in bookings if other.kind == order.kind],
        "other_bookings": [other for other in bookings if other.kind != order.kind],
        "wishes": wishes_beside(order),
        "current_lease": order.device.leases.filter(status="ACTIVE").select_related("vle").first()  # type: ignore[attr-defined]
        if order.is_lease
        else None,
    }
