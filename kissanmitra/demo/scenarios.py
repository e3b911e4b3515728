"""Create the demo's orders through the services, one step at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actors import Actor, Source
from accounts.models import Operator, Role, User
from devices.models import Device
from kissanmitra.demo import data
from kissanmitra.demo.replay import Scenario
from leases.models import Lease
from leases.services import Assignment, complete_lease, create_lease
from orders.models import Order
from orders.services import cancel_order, change_order_status, place_order, reject_order
from orders.workflow import OrderStatus as S
from service_orders.policies import member_of
from service_orders.services import change_service_order_status, place_service_order

DEPOSIT = Decimal(5000)  # rupees
LEAD_DAYS = 4  # from the order to its first day
PATH = S.main_path()[1:]  # without the status of a new order


@dataclass(frozen=True)
class Days:
    """Convert relative days and hours to moments, counted from the time of loading."""

    today: datetime

    def at(self, days: float, hours: float = 0) -> datetime:
        return self.today + timedelta(days=days, hours=hours)

    def date(self, days: int) -> date:
        return timezone.localdate(self.today) + timedelta(days=days)


def run_order(script: data.OrderScript, device: Device, admin: Actor, days: Days, number: int) -> Scenario:
    """Place an order and change its status step by step; `number` varies the waiting times."""
    first, last = script.days
    placed = min(first - LEAD_DAYS, -1 - number % 6) - number % 7 / 10
    yield days.at(placed)
    order = place_order(
        by=_actor(script.requester),
        device_id=device.pk,
        start_date=days.date(first),
        end_date=days.date(last),
        requested_hours=Decimal(script.hours),
        requested_acres=Decimal(script.acres),
        note=script.note,
    )
    yield days.at(placed, hours=2 + number % 9)
    if script.to == S.CANCELLED:
        cancel_order(order, by=_actor(script.requester), note=script.note)
    elif script.to == S.REJECTED:
        reject_order(order, by=admin if order.is_lease else _handler(order), note=script.note)
    elif script.to != S.INTEREST_RAISED:
        yield from _follow_path(order, script, admin if order.is_lease else _handler(order), days)


def _follow_path(order: Order, script: data.OrderScript, handler: Actor, days: Days) -> Scenario:
    first, last = script.days
    # The LEASE order of a rentable device is closed after its handover.
    done = first + 1 if script.is_leased and script.to == S.CLOSED else last
    order = change_order_status(order, to=S.UNDER_REVIEW, by=handler)
    moments = {
        S.ACCEPTED: timezone.now() + timedelta(hours=3 + script.hours % 14),
        S.PICKUP_SCHEDULED: days.at(first - 1),
        S.ACTIVE: days.at(first, hours=-3),
        S.COMPLETED: days.at(done, hours=5),
        S.CLOSED: days.at(done + 1),
    }
    for status in path_to(S(script.to))[1:]:
        yield moments.get(status, timezone.now() + timedelta(hours=1))
        order = change_order_status(order, to=status, by=handler)
        if status == S.ACCEPTED and script.is_leased:
            lease = _create_lease(order, handler)
    if script.is_returned:
        yield days.at(last, hours=6)
        complete_lease(lease, by=handler, note="Came back in good order")


def path_to(status: S) -> list[S]:
    """Return the statuses from a new order to `status`: along the main path, leaving it as late as possible."""
    if status.is_on_main_path:
        return list(PATH[: PATH.index(status) + 1])
    return [*path_to([each for each in PATH if (each, status) in Order.transitions()][-1]), status]


def _create_lease(order: Order, admin: Actor) -> Lease:
    operators = [Assignment(operator.pk, "PRIMARY") for operator in Operator.objects.all()]
    return create_lease(by=admin, order_id=order.pk, deposit_amount=DEPOSIT, operators=operators)


def run_service_order(script: data.ServiceScript, admin: Actor, days: Days, number: int) -> Scenario:
    """Place a service order and change its status step by step."""
    yield days.at(-1 - number, hours=-number)
    order = place_service_order(
        by=member_of(script.territory, admin if script.creator == data.ADMIN else _actor(script.creator)),
        patient_id=script.patient,
        provider_id="provider-7",
        insurance={"carrier": "Example Insurance", "policy_number": f"POL-{script.patient[-3:]}", "group_number": None},
        service_type=script.service,
        priority=script.priority,
    )
    for status in script.statuses:
        yield timezone.now() + timedelta(hours=4 + number)
        change_service_order_status(order, to=status, by=member_of(script.territory, admin), note=script.note)


def _actor(person: data.Person) -> Actor:
    user = User.objects.select_related("vle_profile").get(phone=person.phone)
    profile = getattr(user, "vle_profile", None)
    return Actor(user=user, role=Role.VLE if profile else Role.FARMER, vle=profile, source=Source.COMMAND)


def _handler(order: Order) -> Actor:
    profile: Any = order.handler_vle  # every RENT order has one
    return Actor(user=profile.user, role=Role.VLE, vle=profile, source=Source.COMMAND)
