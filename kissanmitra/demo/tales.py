"""The story of every order of the demo, told through the services."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actors import Actor, Source
from accounts.models import Operator, Role, User
from devices.models import Device
from kissanmitra.demo import data
from kissanmitra.demo.telling import Tale
from leases.models import Lease
from leases.services import Assignment, complete_lease, create_lease
from orders.models import Order
from orders.services import cancel_order, change_order_status, place_order, reject_order
from orders.workflow import OrderStatus as S
from service_orders.policies import member_of
from service_orders.services import change_service_order_status, place_service_order

DEPOSIT = Decimal(5000)  # rupees
LEAD_DAYS = 4  # from the wish to the first day
WAY = S.main_path()[1:]  # without the status of a new order


@dataclass(frozen=True)
class Days:
    """Days and hours, counted from the moment of loading."""

    today: datetime

    def at(self, days: float, hours: float = 0) -> datetime:
        return self.today + timedelta(days=days, hours=hours)

    def date(self, days: int) -> date:
        return timezone.localdate(self.today) + timedelta(days=days)


def tale_of(story: data.Story, device: Device, admin: Actor, days: Days, number: int) -> Tale:
    """What became of one wish; `number` makes some wait longer for their answer than others."""
    first, last = story.days
    placed = min(first - LEAD_DAYS, -1 - number % 6) - number % 7 / 10
    yield days.at(placed)
    order = place_order(
        by=_actor(story.requester),
        device_id=device.pk,
        start_date=days.date(first),
        end_date=days.date(last),
        requested_hours=Decimal(story.hours),
        requested_acres=Decimal(story.acres),
        note=story.note,
    )
    yield days.at(placed, hours=2 + number % 9)
    if story.to == S.CANCELLED:
        cancel_order(order, by=_actor(story.requester), note=story.note)
    elif story.to == S.REJECTED:
        reject_order(order, by=admin if order.is_lease else _handler(order), note=story.note)
    elif story.to != S.INTEREST_RAISED:
        yield from _way(order, story, admin if order.is_lease else _handler(order), days)


def _way(order: Order, story: data.Story, handler: Actor, days: Days) -> Tale:
    first, last = story.days
    # Of a machine that farmers may rent, the LEASE order is closed once it was handed over.
    done = first + 1 if story.is_leased and story.to == S.CLOSED else last
    order = change_order_status(order, to=S.UNDER_REVIEW, by=handler)
    moments = {
        S.ACCEPTED: timezone.now() + timedelta(hours=3 + story.hours % 14),
        S.PICKUP_SCHEDULED: days.at(first - 1),
        S.ACTIVE: days.at(first, hours=-3),
        S.COMPLETED: days.at(done, hours=5),
        S.CLOSED: days.at(done + 1),
    }
    for status in path_to(S(story.to))[1:]:
        yield moments.get(status, timezone.now() + timedelta(hours=1))
        order = change_order_status(order, to=status, by=handler)
        if status == S.ACCEPTED and story.is_leased:
            lease = _sign(order, handler)
    if story.is_returned:
        yield days.at(last, hours=6)
        complete_lease(lease, by=handler, note="Came back in good order")


def path_to(status: S) -> list[S]:
    """Return the statuses from a new order to `status`: along the main path, leaving it as late as possible."""
    if status.is_on_main_path:
        return list(WAY[: WAY.index(status) + 1])
    return [*path_to([each for each in WAY if (each, status) in Order.transitions()][-1]), status]


def _sign(order: Order, admin: Actor) -> Lease:
    crew = [Assignment(operator.pk, "PRIMARY") for operator in Operator.objects.all()]
    return create_lease(by=admin, order_id=order.pk, deposit_amount=DEPOSIT, operators=crew)


def tale_of_service(story: data.ServiceStory, admin: Actor, days: Days, number: int) -> Tale:
    """The same of an order of the territory contract."""
    yield days.at(-1 - number, hours=-number)
    order = place_service_order(
        by=member_of(story.territory, admin if story.creator == data.ADMIN else _actor(story.creator)),
        patient_id=story.patient,
        provider_id="provider-7",
        insurance={"carrier": "Example Insurance", "policy_number": f"POL-{story.patient[-3:]}", "group_number": None},
        service_type=story.service,
        priority=story.priority,
    )
    for status in story.states:
        yield timezone.now() + timedelta(hours=4 + number)
        change_service_order_status(order, to=status, by=member_of(story.territory, admin), note=story.note)


def _actor(person: data.Person) -> Actor:
    user = User.objects.select_related("vle_profile").get(phone=person.phone)
    profile = getattr(user, "vle_profile", None)
    return Actor(user=user, role=Role.VLE if profile else Role.FARMER, vle=profile, source=Source.COMMAND)


def _handler(order: Order) -> Actor:
    profile: Any = order.handler_vle  # of a RENT order there is one
    return Actor(user=profile.user, role=Role.VLE, vle=profile, source=Source.COMMAND)
