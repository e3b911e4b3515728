"""The page of a device in the apps: shown to everybody if LIVE, to those logged in if ONBOARDED."""

from dataclasses import dataclass
from typing import cast

from accounts.actors import Actor
from core.errors import NotFound
from devices.locations import Location, km_from
from devices.models import Device
from devices.pricing import DevicePrices, prices_of
from devices.workflow import DeviceStatus
from orders.discovery import allowed_actions, described, is_leased
from orders.models import Kind, Order
from orders.workflow import BOOKED

MAX_BOOKINGS = 200


@dataclass(frozen=True)
class DevicePage:
    """Hold what the page shows; never the exact location, nor who booked the device."""

    device: Device
    distance_km: float | None
    prices: DevicePrices
    bookings: list[Order]
    allowed_actions: list[str]


def get_device_page(device_id: object, *, by: Actor | None, place: Location | None = None) -> DevicePage:
    """Return the page of a visible device, with its distance from `place` if given. Raises NotFound."""
    device = find_visible(device_id, by=by, place=place)
    return DevicePage(
        device=device,
        distance_km=getattr(device, "distance_km", None),
        prices=prices_of(device),
        bookings=_bookings_of(device),
        allowed_actions=allowed_actions(device, by),
    )


def find_visible(device_id: object, *, by: Actor | None, place: Location | None = None) -> Device:
    """Return a LIVE device, or for those logged in an ONBOARDED one. Raises NotFound for all others."""
    devices = described().prefetch_related("media")
    rows = devices.annotate(distance_km=km_from(place)) if place else devices
    device = cast(Device, rows.find(device_id))
    visible = {DeviceStatus.LIVE} if by is None else {DeviceStatus.LIVE, DeviceStatus.ONBOARDED}
    if device.status not in visible:
        raise NotFound("Device not found")
    return device


def _bookings_of(device: Device) -> list[Order]:
    """Return the bookings by day. Of a leased device only RENT orders: the lease is what makes it rentable."""
    orders = Order.objects.filter(device=device, status__in=BOOKED)
    if is_leased(device):
        orders = orders.filter(kind=Kind.RENT)
    return sorted(orders.order_by("-start_date")[:MAX_BOOKINGS], key=lambda order: order.start_date)
