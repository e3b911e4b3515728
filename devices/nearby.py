"""What stands around a place: to notice a pin that was put far from where its PIN code lies."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Avg, QuerySet

from devices.locations import Location, km_from, within
from devices.models import Device
from devices.workflow import DeviceStatus

FAR_KM = 50
MAX_SHOWN = 200
# Degrees; a box that holds the islands too.
_SOUTH, _NORTH, _WEST, _EAST = 6.0, 37.5, 68.0, 97.6


@dataclass(frozen=True)
class NearbyDevices:
    """Devices around a place, and those of the PIN code wherever they stand."""

    near: list[Device]
    """Within `FAR_KM`, the nearest first, with their `distance_km`."""
    pincode_km: float | None
    """From the place to the nearest other device of the same PIN code; None where there is none."""
    pincode_centre: Location | None
    """The middle of the devices of that PIN code."""


def find_nearby(
    devices: QuerySet[Device], *, location: Location | None, pincode: str, exclude_id: UUID | None = None
) -> NearbyDevices:
    """What of `devices` stands around `location`, leaving out the one with the id `exclude_id`, and RETIRED ones."""
    others = devices.exclude(status=DeviceStatus.RETIRED).exclude(latitude=None)
    others = others.exclude(pk=exclude_id) if exclude_id else others
    same = others.filter(pincode=pincode) if pincode else others.none()
    return NearbyDevices(_near(others, location), _nearest_km(same, location), _middle(same))


def location_warnings(location: Location, pincode: str, found: NearbyDevices) -> list[str]:
    """What makes this place unlikely, in words."""
    warnings = []
    if not (_SOUTH <= location.latitude <= _NORTH and _WEST <= location.longitude <= _EAST):
        warnings.append("This place lies outside India.")
    if found.pincode_km is not None and found.pincode_km > FAR_KM:
        warnings.append(f"This place is {found.pincode_km:.0f} km from the nearest other device at PIN code {pincode}.")
    return warnings


def _near(others: QuerySet[Device], location: Location | None) -> list[Device]:
    if location is None:
        return []
    within_reach = others.filter(within(location, FAR_KM)).annotate(distance_km=km_from(location))
    return list(within_reach.filter(distance_km__lte=FAR_KM).order_by("distance_km")[:MAX_SHOWN])


def _nearest_km(same: QuerySet[Device], location: Location | None) -> float | None:
    if location is None:
        return None
    return (
        same.annotate(distance_km=km_from(location))
        .order_by("distance_km")
        .values_list("distance_km", flat=True)
        .first()
    )


def _middle(same: QuerySet[Device]) -> Location | None:
    middle = same.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    return None if middle["latitude"] is None else Location(**middle)
