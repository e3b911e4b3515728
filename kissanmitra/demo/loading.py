"""Load the demo data through the services, so that it has a complete history."""

from datetime import timedelta
from uuid import uuid4

import time_machine
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor, Source
from accounts.models import Role, User
from accounts.services import add_member, change_user, create_operator, create_vle, get_or_create_user, save_territory
from core.correlation import correlated
from devices.master_data import create_master_data
from devices.models import Device, DeviceType, Manufacturer
from devices.pricing import PriceTerms, add_pricing_rules, set_threshold
from devices.services import change_device_status, create_device
from devices.workflow import DeviceStatus
from kissanmitra.demo import data
from kissanmitra.demo.replay import replay_in_order
from kissanmitra.demo.scenarios import Days, run_order, run_service_order
from notifications.services import suppress_pending

FIRST_DAY = -140  # days ago
STATUS_PATHS = {
    DeviceStatus.LIVE: [DeviceStatus.LIVE],
    DeviceStatus.ONBOARDED: [DeviceStatus.ONBOARDED],
    DeviceStatus.UNDER_MAINTENANCE: [DeviceStatus.LIVE, DeviceStatus.UNDER_MAINTENANCE],
}


@transaction.atomic
def load_demo() -> bool:
    """Load the demo data, all or nothing, without sending SMS. Return False if it exists already."""
    if User.objects.filter(phone=data.ADMIN.phone).exists():
        return False
    correlation_id = f"demo-data-{uuid4().hex[:8]}"
    days = Days(timezone.now())
    with correlated(correlation_id):
        with time_machine.travel(days.at(FIRST_DAY), tick=True):
            admin = _load_people()
            _load_territories(admin)
            _load_master_data(admin, days)
            devices = {spec.name: _load_device(spec, admin) for spec in data.DEVICES}
        orders = [run_order(each, devices[each.device], admin, days, n) for n, each in enumerate(data.all_orders())]
        services = [run_service_order(each, admin, days, n) for n, each in enumerate(data.SERVICE_ORDERS)]
        replay_in_order([*orders, *services], until=days.today - timedelta(minutes=10))
    suppress_pending(correlation_id)
    return True


def _load_people() -> Actor:
    user = User.objects.create_superuser(data.ADMIN.phone, data.ADMIN_PASSWORD, **_details(data.ADMIN))
    admin = Actor(user=user, role=Role.ADMIN, source=Source.COMMAND)
    for person in data.FARMERS:
        farmer = get_or_create_user(phone=person.phone, role=Role.FARMER, by=admin)
        change_user(farmer, by=admin, changes=_details(person))
    for person in data.VLES:
        create_vle(by=admin, phone=person.phone, details=_details(person))
    for person in data.OPERATORS:
        create_operator(
            by=admin,
            phone=person.phone,
            details={"name": person.name, "license_number": "MH1220230004512"},
            training=[_certificate("TRACTOR", 400), _certificate("HARVESTER", 160)],
        )
    return admin


def _certificate(device_type: str, days: int) -> dict[str, object]:
    """Return a training completed today and valid for `days`."""
    return {
        "device_type_code": device_type,
        "completed_on": timezone.localdate(),
        "valid_till": timezone.localdate() + timedelta(days=days),
    }


def _load_territories(admin: Actor) -> None:
    for identifier, (name, prefixes, members) in data.TERRITORIES.items():
        territory = save_territory(identifier, by=admin, name=name, prefixes=prefixes)
        for person, can_verify in members.items():
            add_member(territory, by=admin, user=User.objects.get(phone=person.phone), can_verify=can_verify)


def _load_master_data(admin: Actor, days: Days) -> None:
    for code, name in data.MAKERS.items():
        create_master_data(Manufacturer, by=admin, code=code, name=name)
    for code, (name, requires_operator, hours, acres) in data.TYPES.items():
        kind = create_master_data(
            DeviceType, by=admin, code=code, display_name=name, requires_operator=requires_operator
        )
        set_threshold(device_type=kind, by=admin, max_rental_hours=hours, max_rental_acres=acres)
        for pincode in data.PINCODES:
            add_pricing_rules(device_type=kind, pincode=pincode, terms=_terms(code, days), by=admin)


def _terms(type_code: str, days: Days) -> list[PriceTerms]:
    terms = [PriceTerms(data.RATES[type_code])]
    if type_code == "HARVESTER":
        first, last = map(days.date, data.SEASON)
        terms.append(PriceTerms(data.SEASON_RATES, effective_from=first, effective_to=last))
    return terms


def _load_device(spec: data.DeviceSpec, admin: Actor) -> Device:
    latitude, longitude = spec.location
    device = create_device(
        by=admin,
        name=spec.name,
        description=spec.description,
        owner="KissanMitra",
        device_type=DeviceType.objects.get(pk=spec.type),
        manufacturer=Manufacturer.objects.get(pk=spec.maker),
        pincode=spec.pincode,
        city=spec.city,
        state="Maharashtra",
        latitude=latitude,
        longitude=longitude,
    )
    for status in STATUS_PATHS[DeviceStatus(spec.status)]:
        device = change_device_status(device, to=status, by=admin)
    return device


def _details(person: data.Person) -> dict[str, object]:
    latitude, longitude = person.location
    return {"name": person.name, "pincode": person.pincode, "latitude": latitude, "longitude": longitude}
