"""Show one device to callers who look for devices: LIVE ones to all, ONBOARDED ones to those who are logged in."""

from dataclasses import dataclass
from typing import cast

from accounts.actors import Actor
from devices.locations import Location, km_from
from devices.models import Device
from devices.pricing import DevicePrices, prices_of
from devices.workflow import DeviceStatus
from orders.choices import Kind
from orders.discovery import allowed_actions, is_leased, with_listing_details
from orders.models import Order

MAX_BOOKINGS = 200


@dataclass(frozen=True)
class DevicePage:
    """Hold what is shown of a device; its exact location and the people who booked it are not."""

    device: Device
    distance_km: float | None
    prices: DevicePrices
    bookings: list[Order]
    allowed_actions: list[str]


def get_device_page(device_id: object, *, by: Actor | None, location: Location | None = None) -> DevicePage:
    """Return the page of a device that is visible to the caller, with its distance from `location` if one is given.

    Raises NotFound.
    """
    device = find_visible(device_id, by=by, location=location)
    return DevicePage(
        device=device,
        distance_km=getattr(device, "distance_km", None),
        prices=prices_of(device),
        bookings=_bookings_of(device),
        allowed_actions=allowed_actions(device, by),
    )


def find_visible(device_id: object, *, by: Actor | None, location: Location | None = None) -> Device:
    """Return a LIVE device or, for callers who are logged in, an ONBOARDED one. Raises NotFound for all others."""
    visible = [DeviceStatus.LIVE] if by is None else [DeviceStatus.LIVE, DeviceStatus.ONBOARDED]
    devices = with_listing_details().filter(status__in=visible).prefetch_related("media")
    return cast(Device, (devices.annotate(distance_km=km_from(location)) if location else devices).find(device_id))


def _bookings_of(device: Device) -> list[Order]:
    """Return the latest bookings, by day. Of a leased device only RENT orders: its lease is what makes it rentable."""
    orders = Order.objects.booked().filter(device=device)
    if is_leased(device):
        orders = orders.of_kind(Kind.RENT)
    return sorted(orders.order_by("-start_date")[:MAX_BOOKINGS], key=lambda order: order.start_date)
