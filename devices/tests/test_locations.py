"""Test distances and boxes against plain trigonometry over every device."""

import random
from math import acos, cos, radians, sin

import pytest

from devices.locations import EARTH_RADIUS_KM, Location, km_from, within
from devices.models import Device
from tests.support import factories

PUNE, MUMBAI = Location(18.5204, 73.8567), Location(19.0760, 72.8777)


def scatter(points):
    kind, maker = factories.device_type(), factories.manufacturer()
    return Device.objects.bulk_create(
        Device(
            name="Tractor",
            status="LIVE",
            pincode="411001",
            device_type=kind,
            manufacturer=maker,
            latitude=latitude,
            longitude=longitude,
        )
        for latitude, longitude in points
    )


def near(location, radius_km):
    return Device.objects.filter(within(location, radius_km)).annotate(km=km_from(location)).filter(km__lte=radius_km)


def km_by_hand(location, device):
    """Compute the distance by the spherical law of cosines, independent of the haversine under test."""
    here, there = radians(location.latitude), radians(device.latitude)
    turn = radians(device.longitude - location.longitude)
    return EARTH_RADIUS_KM * acos(max(-1, min(1, sin(here) * sin(there) + cos(here) * cos(there) * cos(turn))))


def test_pune_to_mumbai_is_120_km():
    scatter([(MUMBAI.latitude, MUMBAI.longitude)])
    assert near(PUNE, 500).get().km == pytest.approx(120.2, abs=0.1)


def test_a_device_on_the_spot_is_0_km_away():
    scatter([(PUNE.latitude, PUNE.longitude)])
    assert near(PUNE, 0.001).get().km == 0


def test_the_far_side_of_the_earth_is_half_a_turn_away():
    scatter([(-18.5204, -106.1433)])
    assert Device.objects.annotate(km=km_from(PUNE)).get().km == pytest.approx(20015, abs=1)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (18.52, 73.86),
        (0, 0),
        (0, 180),
        (10, -180),
        (52, 179.9),
        (-16.5, -179.99),
        (70, 25),
        (84.9, -179),
        (-85.6, 180),
        (89.999, 12),
        (90, 0),
        (-90, -180),
        (90, 180),
    ],
)
@pytest.mark.parametrize("radius_km", [1, 50, 500])
def test_exactly_the_devices_within_the_radius_are_found(latitude, longitude, radius_km):
    chance = random.Random(f"{latitude} {longitude} {radius_km}")
    location, spread = Location(latitude, longitude), radius_km / 60
    scatter(_points_around(location, spread, chance) + _points_anywhere(chance))

    found = {device.pk: device.km for device in near(location, radius_km)}

    expected = {d.pk: km_by_hand(location, d) for d in Device.objects.all() if km_by_hand(location, d) <= radius_km}
    assert found.keys() == expected.keys()
    assert all(found[pk] == pytest.approx(expected[pk], abs=0.001) for pk in expected)
    assert expected, "the test needs devices nearby"


def _points_around(location, spread, chance, count=120):
    points = []
    for _ in range(count):
        latitude = max(-90, min(90, location.latitude + chance.uniform(-spread, spread)))
        stretch = min(180, spread / max(cos(radians(latitude)), 1e-6))
        longitude = location.longitude + chance.uniform(-stretch, stretch)
        points.append((latitude, (longitude + 180) % 360 - 180))
    return [*points, (location.latitude, 180), (location.latitude, -180)]


def _points_anywhere(chance, count=60):
    return [(chance.uniform(-90, 90), chance.uniform(-180, 180)) for _ in range(count)]
