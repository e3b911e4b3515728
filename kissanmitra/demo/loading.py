"""Loading the demo: everything goes through the services, so that its history is as honest as any other."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor, Door
from accounts.models import Operator, Role, Territory, User
from accounts.services import change_user, make_operator, make_vle, register
from core.correlation import correlated
from devices.master_data import add_master_data
from devices.models import Device, DeviceType, Manufacturer
from devices.pricing import PriceTerms, add_pricing_rules, set_threshold
from devices.services import draft_device, move_device
from devices.workflow import DeviceStatus
from kissanmitra.demo import data
from leases.services import Assignment, complete_lease, create_lease
from notifications.services import keep_from_sending
from orders.models import Order
from orders.services import cancel_order, move_order, place_order, reject_order
from orders.workflow import OrderStatus as S
from service_orders.policies import member_of
from service_orders.services import move_service_order, place_service_order

DEPOSIT = Decimal(5000)  # rupees
WAY = [S.UNDER_REVIEW, S.ACCEPTED, S.PICKUP_SCHEDULED, S.ACTIVE, S.COMPLETED, S.CLOSED]
ROADS = {
    DeviceStatus.LIVE: [DeviceStatus.LIVE],
    DeviceStatus.ONBOARDED: [DeviceStatus.ONBOARDED],
    DeviceStatus.UNDER_MAINTENANCE: [DeviceStatus.LIVE, DeviceStatus.UNDER_MAINTENANCE],
}


@transaction.atomic
def load_demo() -> bool:
    """Load the demo data, all or nothing; False where it is there already. Nobody gets a text because of it."""
    if User.objects.filter(phone=data.ADMIN.phone).exists():
        return False
    mark = f"demo-data-{uuid4().hex[:8]}"
    with correlated(mark):
        admin = _load_people()
        _load_territories()
        _load_master_data(admin)
        machines = {machine.name: _load_machine(machine, admin) for machine in data.MACHINES}
        for story in data.STORIES:
            _tell(story, machines[story.machine], admin)
        for service_story in data.SERVICE_STORIES:
            _tell_of_service(service_story, admin)
    keep_from_sending(mark)
    return True


def _load_people() -> Actor:
    boss = data.ADMIN
    user = User.objects.create_superuser(boss.phone, data.ADMIN_PASSWORD, **_details(boss))
    admin = Actor(user=user, role=Role.ADMIN, door=Door.COMMAND)
    for person in data.FARMERS:
        change_user(by=admin, user=register(phone=person.phone, role=Role.FARMER), changes=_details(person))
    for person in data.VLES:
        make_vle(by=admin, phone=person.phone, details=_details(person))
    for person in data.OPERATORS:
        make_operator(by=admin, phone=person.phone, details={"name": person.name, "license_number": "MH1220230004512"})
    return admin


def _load_territories() -> None:
    for identifier, (name, prefixes, members) in data.TERRITORIES.items():
        territory = Territory.objects.create(id=identifier, name=name)
        for prefix in prefixes:
            territory.prefixes.create(prefix=prefix)
        for person, can_verify in members.items():
            territory.memberships.create(user=User.objects.get(phone=person.phone), can_verify=can_verify)


def _load_master_data(admin: Actor) -> None:
    for code, name in data.MAKERS.items():
        add_master_data(Manufacturer, by=admin, code=code, name=name)
    for code, (name, requires_operator, hours, acres) in data.TYPES.items():
        kind = add_master_data(DeviceType, by=admin, code=code, display_name=name, requires_operator=requires_operator)
        set_threshold(device_type=kind, by=admin, max_rental_hours=hours, max_rental_acres=acres)
        for pincode in data.PINCODES:
            add_pricing_rules(device_type=kind, pincode=pincode, terms=_terms(code), by=admin)


def _terms(type_code: str) -> list[PriceTerms]:
    terms = [PriceTerms(data.RATES[type_code])]
    if type_code == "HARVESTER":
        first, last = (timezone.localdate() + timedelta(days=day) for day in data.SEASON)
        terms.append(PriceTerms(data.SEASON_RATES, effective_from=first, effective_to=last))
    return terms


def _load_machine(machine: data.Machine, admin: Actor) -> Device:
    latitude, longitude = machine.place
    device = draft_device(
        by=admin,
        name=machine.name,
        description=machine.description,
        owner="KissanMitra",
        device_type=DeviceType.objects.get(pk=machine.type),
        manufacturer=Manufacturer.objects.get(pk=machine.maker),
        pincode=machine.pincode,
        city=machine.city,
        state="Maharashtra",
        latitude=latitude,
        longitude=longitude,
    )
    for status in ROADS[DeviceStatus(machine.status)]:
        device = move_device(device, to=status, by=admin)
    return device


def _tell(story: data.Story, device: Device, admin: Actor) -> None:
    requester = _actor(story.requester)
    first, last = (timezone.localdate() + timedelta(days=day) for day in story.days)
    order = place_order(
        by=requester,
        device_id=device.pk,
        start_date=first,
        end_date=last,
        requested_hours=Decimal(story.hours),
        requested_acres=Decimal(story.acres),
        note=story.note,
    )
    handler = admin if order.is_lease else _handler(order)
    if story.to == S.CANCELLED:
        cancel_order(order, by=requester, note=story.note)
    elif story.to == S.REJECTED:
        reject_order(order, by=handler, note=story.note)
    elif story.to in WAY:
        _go(order, story, handler)


def _go(order: Order, story: data.Story, handler: Actor) -> None:
    for status in WAY[: WAY.index(S(story.to)) + 1]:
        order = move_order(order, to=status, by=handler)
        if status == S.ACCEPTED and story.is_leased:
            crew = [Assignment(operator.pk, "PRIMARY") for operator in Operator.objects.all()]
            lease = create_lease(by=handler, order_id=order.pk, deposit_amount=DEPOSIT, operators=crew)
    if story.is_returned:
        complete_lease(lease, by=handler, note="Came back in good order")


def _tell_of_service(story: data.ServiceStory, admin: Actor) -> None:
    order = place_service_order(
        by=member_of(story.territory, admin if story.creator == data.ADMIN else _actor(story.creator)),
        patient_id=story.patient,
        provider_id="provider-7",
        insurance={"carrier": "Example Insurance", "policy_number": f"POL-{story.patient[-3:]}", "group_number": None},
        service_type=story.service,
        priority=story.priority,
    )
    for status in story.states:
        move_service_order(order, to=status, by=member_of(story.territory, admin), notes=story.note)


def _actor(person: data.Person) -> Actor:
    user = User.objects.select_related("vle_profile").get(phone=person.phone)
    profile = getattr(user, "vle_profile", None)
    return Actor(user=user, role=Role.VLE if profile else Role.FARMER, vle=profile, door=Door.COMMAND)


def _handler(order: Order) -> Actor:
    profile: Any = order.handler_vle  # of a RENT order there is one
    return Actor(user=profile.user, role=Role.VLE, vle=profile, door=Door.COMMAND)


def _details(person: data.Person) -> dict[str, object]:
    latitude, longitude = person.place
    return {"name": person.name, "pincode": person.pincode, "latitude": latitude, "longitude": longitude}
