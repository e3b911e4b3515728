"""Where devices stand: which lie within some kilometres of a place, and how far away each of them is."""

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin
from typing import Self

from django.db.models import BooleanField, Expression, F, FloatField, Func, Q, Value
from django.db.models.functions import ASin, Cos, Least, Radians, Sin, Sqrt

from devices.models import GeoPoint

EARTH_RADIUS_KM = 6371.0088
# PostgreSQL's boxes and our trigonometry round differently; a metre more costs nothing.
_MARGIN_DEGREES = 1e-5


@dataclass(frozen=True)
class Location:
    """A point on earth, in degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Box:
    """All that lies between two parallels and two meridians, in degrees; never across the dateline."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, location: Location, radius_km: float) -> list[Self]:
        """One box, or two at the dateline, that hold every point within `radius_km` of `location`."""
        reach = degrees(radius_km / EARTH_RADIUS_KM) + _MARGIN_DEGREES
        south, north = location.latitude - reach, location.latitude + reach
        if south <= -90 or north >= 90:
            # Around a pole there is something within reach on every meridian.
            return [cls(-180, max(south, -90), 180, min(north, 90))]
        # The widest part of the circle lies nearer to the pole than its centre: this is no mere reach / cos(latitude).
        width = degrees(asin(sin(radians(reach)) / cos(radians(location.latitude)))) + _MARGIN_DEGREES
        return [
            cls(max(west, -180), south, min(east, 180), north)
            for west, east in _turned(location.longitude - width, location.longitude + width)
            if west <= 180 and east >= -180
        ]


def within(location: Location, radius_km: float) -> Q:
    """Whether a device can lie within `radius_km` of `location`: what the index answers, some corners too generously."""
    condition = Q()
    for box in Box.around(location, radius_km):
        condition |= Q(_Inside(box))
    return condition


def km_from(location: Location) -> Expression:
    """How far a device is from `location`: kilometres along the great circle (haversine, on a sphere)."""
    north = Sin(Radians(F("latitude") - Value(location.latitude)) / Value(2.0))
    east = Sin(Radians(F("longitude") - Value(location.longitude)) / Value(2.0))
    narrowing = Value(cos(radians(location.latitude))) * Cos(Radians(F("latitude")))
    chord = Sqrt(north * north + narrowing * east * east)
    return Value(2 * EARTH_RADIUS_KM) * ASin(Least(Value(1.0), chord, output_field=FloatField()))


def _turned(west: float, east: float) -> list[tuple[float, float]]:
    return [(west + turn, east + turn) for turn in (-360, 0, 360)]


class _Inside(Func):
    template = "(%(expressions)s::box)"
    arg_joiner = " <@ "
    output_field = BooleanField()

    def __init__(self, box: Box):
        super().__init__(GeoPoint(), Value(f"({box.west},{box.south}),({box.east},{box.north})"))
