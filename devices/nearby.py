"""Find the devices near a location, to warn of a pin that is far from its PIN code."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Avg, QuerySet

from devices.locations import Location, is_in_country, km_from, within
from devices.models import Device
from devices.workflow import DeviceStatus

FAR_KM = 50
MAX_SHOWN = 200


@dataclass(frozen=True)
class NearbyDevices:
    """Represent the devices near a location, and those of its PIN code wherever they are."""

    near: list[Device]
    """Within `FAR_KM`, the nearest first, with their `distance_km`."""
    pincode_km: float | None
    """From the location to the nearest other device of the same PIN code; None if there is none."""
    pincode_centre: Location | None
    """The mean location of the devices of that PIN code; None if there are none."""


def find_nearby(
    devices: QuerySet[Device], *, location: Location | None, pincode: str, exclude_id: UUID | None = None
) -> NearbyDevices:
    """Return those of `devices` near `location`, without RETIRED ones and the one with the id `exclude_id`."""
    others = devices.exclude(status=DeviceStatus.RETIRED).exclude(latitude=None)
    others = others.exclude(pk=exclude_id) if exclude_id else others
    same = others.filter(pincode=pincode) if pincode else others.none()
    return NearbyDevices(_near(others, location), _nearest_km(same, location), _centre(same))


def location_warnings(location: Location, pincode: str, nearby: NearbyDevices) -> list[str]:
    """Return a sentence for each reason to doubt the location."""
    warnings = []
    if not is_in_country(location):
        warnings.append("This location lies outside India.")
    if nearby.pincode_km is not None and nearby.pincode_km > FAR_KM:
        distance = f"{nearby.pincode_km:.0f} km"
        warnings.append(f"This location is {distance} from the nearest other device at PIN code {pincode}.")
    return warnings


def _near(others: QuerySet[Device], location: Location | None) -> list[Device]:
    if location is None:
        return []
    candidates = others.filter(within(location, FAR_KM)).annotate(distance_km=km_from(location))
    return list(candidates.filter(distance_km__lte=FAR_KM).order_by("distance_km")[:MAX_SHOWN])


def _nearest_km(same: QuerySet[Device], location: Location | None) -> float | None:
    if location is None:
        return None
    distances = same.annotate(distance_km=km_from(location)).order_by("distance_km")
    return distances.values_list("distance_km", flat=True).first()


def _centre(same: QuerySet[Device]) -> Location | None:
    centre = same.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    return None if centre["latitude"] is None else Location(**centre)
