"""Create rows with the minimum that a test needs."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import (
    Role,
    RoleAssignment,
    Territory,
    TerritoryMembership,
    TerritoryPrefix,
    User,
    VleProfile,
)
from devices.choices import Metric
from devices.models import Device, DeviceType, Manufacturer, PricingRate, PricingRule
from devices.workflow import DeviceStatus
from leases.models import Lease
from orders.choices import Kind
from orders.models import Order
from orders.workflow import OrderStatus
from service_orders.encryption import encrypt_insurance
from service_orders.models import ServiceOrder
from service_orders.tracking import new_tracking_id
from service_orders.workflow import ServiceOrderStatus

UNKNOWN = "00000000-0000-4000-8000-000000000000"  # an id that nothing has
PINCODE = "411001"
INSURANCE = {"carrier": "Star Health", "policy_number": "SH-4711", "group_number": None}
PUNE = {"latitude": 18.5204, "longitude": 73.8567}


def user(phone: str, name: str, *roles: str) -> User:
    person = User.objects.create(phone=phone, name=name)
    RoleAssignment.objects.bulk_create(RoleAssignment(user=person, role=role) for role in roles)
    return person


def vle(phone: str, name: str) -> User:
    person = user(phone, name, Role.VLE)
    VleProfile.objects.create(user=person, name=name, pincode=PINCODE)
    return person


def device_type(code: str = "TRACTOR") -> DeviceType:
    return DeviceType.objects.get_or_create(code=code, defaults={"display_name": code.title()})[0]


def manufacturer(code: str = "MAHINDRA") -> Manufacturer:
    return Manufacturer.objects.get_or_create(code=code, defaults={"name": code.title()})[0]


def device(name: str = "Tractor", *, status: str = DeviceStatus.LIVE, priced: bool = True, **fields: Any) -> Device:
    fields = PUNE | {"pincode": PINCODE, "device_type": device_type(), "manufacturer": manufacturer()} | fields
    if priced:
        price(fields["device_type"], fields["pincode"])
    return Device.objects.create(name=name, status=status, **fields)


def price(kind: DeviceType, pincode: str = PINCODE, **period: date) -> PricingRule:
    """Create a rule of 1500 rupees per hour and 900 per acre; the default rule unless a period is given."""
    rule, is_new = PricingRule.objects.get_or_create(
        device_type=kind,
        pincode=pincode,
        effective_from=period.get("effective_from"),
        effective_to=period.get("effective_to"),
    )
    if is_new:
        PricingRate.objects.create(rule=rule, metric=Metric.PER_HOUR, rate=Decimal(1500))
        PricingRate.objects.create(rule=rule, metric=Metric.PER_ACRE, rate=Decimal(900))
    return rule


def order(
    kind: str, device: Device, requester: User, *, status: str = OrderStatus.INTEREST_RAISED, **fields: Any
) -> Order:
    """Create an order in its status, without history."""
    dates = {"start_date": date(2024, 1, 15), "end_date": date(2024, 1, 20)}
    if kind == Kind.RENT:
        fields.setdefault("handler_vle", device.leases.get(status="ACTIVE").vle)
    return Order.objects.create(kind=kind, device=device, requester=requester, status=status, **(dates | fields))


def lease(device: Device, vle_user: User, signed_by: User, start: date, end: date) -> Lease:
    """Create an active lease, from a LEASE order that is CLOSED."""
    source = order(Kind.LEASE, device, vle_user, status=OrderStatus.CLOSED, start_date=start, end_date=end)
    return Lease.objects.create(
        order=source, device=device, vle=vle_user.vle_profile, signed_by=signed_by, start_date=start, end_date=end
    )


def territory(identifier: str, *prefixes: str) -> Territory:
    row = Territory.objects.create(id=identifier, name=identifier.title())
    TerritoryPrefix.objects.bulk_create(TerritoryPrefix(territory=row, prefix=prefix) for prefix in prefixes)
    return row


def works_in(territory: Territory, person: User, *, can_verify: bool = False) -> TerritoryMembership:
    return TerritoryMembership.objects.create(user=person, territory=territory, can_verify=can_verify)


def service_order(
    territory: Territory, creator: User, *, status: str = ServiceOrderStatus.PENDING_VERIFICATION, **fields: Any
) -> ServiceOrder:
    """Create a service order in its status, without history."""
    ciphertext = encrypt_insurance(fields.pop("insurance", INSURANCE))
    values = {"patient_id": "patient-1", "provider_id": "provider-1", "service_type": "spraying"} | fields
    return ServiceOrder.objects.create(
        territory=territory,
        created_by=creator,
        status=status,
        tracking_id=new_tracking_id(),
        insurance_encrypted=ciphertext,
        **values,
    )
