"""Find devices within some kilometres of a location, and compute their distances."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin
from typing import Self

from django.conf import settings
from django.db.models import BooleanField, Expression, F, FloatField, Func, Q, Value
from django.db.models.functions import ASin, Cos, Least, Radians, Sin, Sqrt

from devices.models import GeoPoint

EARTH_RADIUS_KM = 6371.0088
# PostgreSQL's boxes and our trigonometry round differently; a metre more costs nothing.
_MARGIN_DEGREES = 1e-5


@dataclass(frozen=True)
class Location:
    """Represent a point on earth, in degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Box:
    """Represent the area between two parallels and two meridians, in degrees; it never crosses the dateline."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, location: Location) -> bool:
        return self.south <= location.latitude <= self.north and self.west <= location.longitude <= self.east

    @classmethod
    def around(cls, location: Location, radius_km: float) -> list[Self]:
        """Return one box, or two at the dateline, that contain every point within `radius_km` of `location`."""
        reach = degrees(radius_km / EARTH_RADIUS_KM) + _MARGIN_DEGREES
        south, north = location.latitude - reach, location.latitude + reach
        if south <= -90 or north >= 90:
            # Near a pole, every meridian has points within reach.
            return [cls(-180, max(south, -90), 180, min(north, 90))]
        # The circle is widest nearer to the pole than at its centre, so reach / cos(latitude) would be too narrow.
        width = degrees(asin(sin(radians(reach)) / cos(radians(location.latitude)))) + _MARGIN_DEGREES
        return [
            cls(max(west, -180), south, min(east, 180), north)
            for west, east in _turned(location.longitude - width, location.longitude + width)
            if west <= 180 and east >= -180
        ]


def is_in_country(location: Location) -> bool:
    """Return whether the location lies within the setting DEVICE_BOUNDS."""
    return Box(*settings.DEVICE_BOUNDS).contains(location)


def within(location: Location, radius_km: float) -> Q:
    """Match devices that may lie within `radius_km` of `location`, by the index.

    The corners of the boxes match too: filter by `km_from` for the exact circle.
    """
    condition = Q()
    for box in Box.around(location, radius_km):
        condition |= Q(_Inside(box))
    return condition


def km_from(location: Location) -> Expression:
    """Compute the distance of a device from `location`: kilometres along the great circle (haversine, on a sphere)."""
    north = Sin(Radians(F("latitude") - Value(location.latitude)) / Value(2.0))
    east = Sin(Radians(F("longitude") - Value(location.longitude)) / Value(2.0))
    narrowing = Value(cos(radians(location.latitude))) * Cos(Radians(F("latitude")))
    chord = Sqrt(north * north + narrowing * east * east)
    return Value(2 * EARTH_RADIUS_KM) * ASin(Least(Value(1.0), chord, output_field=FloatField()))


def _turned(west: float, east: float) -> Iterator[tuple[float, float]]:
    return ((west + turn, east + turn) for turn in (-360, 0, 360))


class _Inside(Func):
    template = "(%(expressions)s::box)"
    arg_joiner = " <@ "
    output_field = BooleanField()

    def __init__(self, box: Box):
        super().__init__(GeoPoint(), Value(f"({box.west},{box.south}),({box.east},{box.north})"))
