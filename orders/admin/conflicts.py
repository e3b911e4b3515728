"""Orders that conflict with a transition, or should be known before it."""

from django.db.models import OuterRef, Subquery

from accounts.actors import Actor
from core.admin.badges import humanize_status
from core.errors import Forbidden
from orders.models import Order
from orders.policies import must_handle
from orders.queries import OrderQuerySet
from orders.workflow import BOOKED, OrderStatus

MAX_SHOWN = 10
WAITING = (OrderStatus.INTEREST_RAISED, OrderStatus.UNDER_REVIEW)


def blocking_reason(order: Order, to: str, *, by: Actor) -> str:
    """Return why the transition would be refused; empty if it would not.

    Knows the order and, from `with_conflict`, its bookings; the service checks more, such as the device.
    """
    try:
        must_handle(order, by)
    except Forbidden as error:
        return str(error)
    if to not in order.available_transitions(by):
        return f"It is {humanize_status(order.status).lower()} {'already' if order.status == to else 'now'}"
    booked_by = getattr(order, "booked_by", None) if to == OrderStatus.ACCEPTED else None
    return f"The device is booked in these days by #{str(booked_by)[:8]}" if booked_by else ""


def with_conflict(orders: OrderQuerySet) -> OrderQuerySet:
    """Annotate orders with `booked_by`: the id of an order of the same kind that books the device in these days."""
    booked = Order.objects.filter(device=OuterRef("device"), kind=OuterRef("kind"), status__in=BOOKED)
    overlapping = booked.filter(start_date__lte=OuterRef("end_date"), end_date__gte=OuterRef("start_date"))
    others = overlapping.exclude(pk=OuterRef("pk")).order_by("start_date")
    return orders.annotate(booked_by=Subquery(others.values("pk")[:1]))


def overlapping_orders(order: Order) -> OrderQuerySet:
    """Return other orders of the device with some of the same days, the earliest first."""
    others = Order.objects.filter(device=order.device_id).exclude(pk=order.pk)
    overlapping = others.filter(start_date__lte=order.end_date, end_date__gte=order.start_date)
    return overlapping.select_related("requester").order_by("start_date", "pk")


def overlapping_bookings(order: Order) -> list[Order]:
    """Return orders that book the device in these days; one of the same kind keeps this one from being accepted."""
    return list(overlapping_orders(order).filter(status__in=BOOKED)[:MAX_SHOWN])


def competing_orders(order: Order) -> list[Order]:
    """Return orders of the same kind that wait for an answer about the same days."""
    return list(overlapping_orders(order).filter(kind=order.kind, status__in=WAITING)[:MAX_SHOWN])
