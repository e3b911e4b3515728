"""One device as it is shown to somebody looking around: to all when LIVE, to those logged in when ONBOARDED."""

from dataclasses import dataclass

from accounts.actors import Actor
from core.errors import NotFound
from devices.locations import Location, km_from
from devices.models import Device
from devices.pricing import DevicePrices, prices_of
from devices.workflow import DeviceStatus
from orders.discovery import allowed_actions, described, is_leased
from orders.models import Kind, Order
from orders.workflow import BOOKED

MAX_BOOKINGS_SHOWN = 200


@dataclass(frozen=True)
class DevicePage:
    """What is shown of a device: never where exactly it stands, nor who booked it."""

    device: Device
    distance_km: float | None
    prices: DevicePrices
    bookings: list[Order]
    allowed_actions: list[str]


def page_of_device(device_id: object, *, by: Actor | None, place: Location | None = None) -> DevicePage:
    """The page of a device that the asker may look at, with its distance from `place` if one is given.

    Raises NotFound.
    """
    device = find_visible(device_id, by=by, place=place)
    return DevicePage(
        device=device,
        distance_km=getattr(device, "distance_km", None),
        prices=prices_of(device),
        bookings=_bookings_of(device),
        allowed_actions=allowed_actions(device, by),
    )


def find_visible(device_id: object, *, by: Actor | None, place: Location | None = None) -> Device:
    """A LIVE device, or for those logged in an ONBOARDED one. Raises NotFound for all others."""
    devices = described().prefetch_related("media")
    device = (devices.annotate(distance_km=km_from(place)) if place else devices).find(device_id)
    shown = {DeviceStatus.LIVE} if by is None else {DeviceStatus.LIVE, DeviceStatus.ONBOARDED}
    if device.status not in shown:
        raise NotFound("Device not found")
    return device


def _bookings_of(device: Device) -> list[Order]:
    """By day. Of a leased device only those of farmers: the lease is what makes it rentable."""
    orders = Order.objects.filter(device=device, status__in=BOOKED)
    if is_leased(device):
        orders = orders.filter(kind=Kind.RENT)
    return sorted(orders.order_by("-start_date")[:MAX_BOOKINGS_SHOWN], key=lambda order: order.start_date)
