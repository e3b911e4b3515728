"""What stands in the way of a step, or should be known before taking it."""

from django.db.models import OuterRef, Subquery

from accounts.actors import Actor
from core.admin.badges import humanize_status
from core.errors import Forbidden
from orders.models import Order
from orders.policies import must_handle
from orders.queries import OrderQuerySet
from orders.workflow import BOOKED, OrderStatus

MOST_SHOWN = 10
WAITING = (OrderStatus.INTEREST_RAISED, OrderStatus.UNDER_REVIEW)


def obstacle_to(order: Order, to: str, *, by: Actor) -> str:
    """Why the step would be refused, as far as the order itself tells; nothing where it may be taken."""
    try:
        must_handle(order, by)
    except Forbidden as refusal:
        return str(refusal)
    if to not in order.available_transitions(by):
        return f"It is {humanize_status(order.status).lower()} {'already' if order.status == to else 'now'}"
    rival = getattr(order, "booked_by", None) if to == OrderStatus.ACCEPTED else None
    return f"The device is booked in these days by #{str(rival)[:8]}" if rival else ""


def with_rival(orders: OrderQuerySet) -> OrderQuerySet:
    """Adds `booked_by`: an order of the same kind that holds the device in these days, None where none does."""
    rivals = Order.objects.filter(device=OuterRef("device"), kind=OuterRef("kind"), status__in=BOOKED)
    overlapping = rivals.filter(start_date__lte=OuterRef("end_date"), end_date__gte=OuterRef("start_date"))
    others = overlapping.exclude(pk=OuterRef("pk")).order_by("start_date")
    return orders.annotate(booked_by=Subquery(others.values("pk")[:1]))


def others_in_these_days(order: Order) -> OrderQuerySet:
    """What else is wanted of the device in the days of this order, the soonest first."""
    others = Order.objects.filter(device=order.device_id).exclude(pk=order.pk)
    overlapping = others.filter(start_date__lte=order.end_date, end_date__gte=order.start_date)
    return overlapping.select_related("requester").order_by("start_date", "pk")


def bookings_beside(order: Order) -> list[Order]:
    """Orders that hold the device in these days; one of the same kind keeps this one from being accepted."""
    return list(others_in_these_days(order).filter(status__in=BOOKED)[:MOST_SHOWN])


def wishes_beside(order: Order) -> list[Order]:
    """Orders of the same kind that wait for an answer about the same days."""
    return list(others_in_these_days(order).filter(kind=order.kind, status__in=WAITING)[:MOST_SHOWN])
