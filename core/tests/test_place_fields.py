import json
from types import SimpleNamespace

import pytest
from rest_framework import serializers

from core.contracts.fields import PincodeField, PointField
from core.contracts.parsers import parse_json


class Place(serializers.Serializer):
    location = PointField(label="Location", required=False, allow_null=True)
    pincode = PincodeField(required=False)


class StrictPlace(serializers.Serializer):
    location = PointField(label="Location")


def errors(shape, raw):
    form = shape(data=parse_json(raw.encode()))
    assert not form.is_valid()
    return {name: str(messages[0]) for name, messages in form.errors.items()}


def validated(raw):
    form = Place(data=parse_json(raw.encode()))
    form.is_valid(raise_exception=True)
    return form.validated_data


def test_a_point_becomes_latitude_and_longitude():
    point = validated('{"location": {"type": "Point", "coordinates": [73.8567, 18]}}')
    assert point == {"latitude": 18.0, "longitude": 73.8567}
    assert {type(number) for number in point.values()} == {float}


def test_a_null_point_clears_both_and_an_absent_one_says_nothing():
    assert validated('{"location": null}') == {"latitude": None, "longitude": None}
    assert validated("{}") == {}


def test_a_place_is_answered_longitude_first_and_no_place_as_null():
    assert Place(SimpleNamespace(latitude=18.52, longitude=73.85, pincode="411001")).data == {
        "location": {"type": "Point", "coordinates": [73.85, 18.52]},
        "pincode": "411001",
    }
    assert Place(SimpleNamespace(latitude=None, longitude=None, pincode="")).data["location"] is None


@pytest.mark.parametrize(
    "raw",
    [
        '"Pune"',
        "[73.8, 18.5]",
        "{}",
        '{"coordinates": [73.8, 18.5]}',
        '{"type": "point", "coordinates": [73.8, 18.5]}',
        '{"type": "Polygon", "coordinates": [73.8, 18.5]}',
        '{"type": ["Point"], "coordinates": [73.8, 18.5]}',
        '{"type": "Point"}',
        '{"type": "Point", "coordinates": null}',
        '{"type": "Point", "coordinates": {"0": 1, "1": 2}}',
        '{"type": "Point", "coordinates": "73.8,18.5"}',
        '{"type": "Point", "coordinates": []}',
        '{"type": "Point", "coordinates": [73.8]}',
        '{"type": "Point", "coordinates": [73.8, 18.5, 560]}',
        '{"type": "Point", "coordinates": ["73.8", "18.5"]}',
        '{"type": "Point", "coordinates": [true, false]}',
        '{"type": "Point", "coordinates": [null, 18.5]}',
        '{"type": "Point", "coordinates": [[73.8], [18.5]]}',
    ],
)
def test_what_is_no_point_is_refused(raw):
    assert errors(Place, f'{{"location": {raw}}}') == {"location": "Location must be a GeoJSON Point"}


@pytest.mark.parametrize(
    ("coordinates", "text"),
    [
        ("[180.0001, 0]", "Location longitude must be from -180 to 180"),
        ("[-181, 91]", "Location longitude must be from -180 to 180"),
        ("[1e30, 0]", "Location longitude must be from -180 to 180"),
        (f"[1{'0' * 60}, 0]", "Location longitude must be from -180 to 180"),
        ("[18.5, 90.0001]", "Location latitude must be from -90 to 90"),
        ("[0, -91]", "Location latitude must be from -90 to 90"),
    ],
)
def test_a_point_off_the_earth_is_refused(coordinates, text):
    assert errors(Place, f'{{"location": {{"type": "Point", "coordinates": {coordinates}}}}}') == {"location": text}


@pytest.mark.parametrize("raw", ["{}", '{"location": null}'])
def test_a_required_point_is_asked_for(raw):
    assert errors(StrictPlace, raw) == {"location": "Location is required"}


@pytest.mark.parametrize(
    "raw",
    [
        '""',
        '"41100"',
        '"4110011"',
        '"011001"',
        '"41100a"',
        '"411-001"',
        '"०११००१"',
        '"\\u200b"',
        "411001",
        "true",
        "[]",
    ],
)
def test_what_is_no_pin_code_is_refused(raw):
    assert errors(Place, f'{{"pincode": {raw}}}') == {"pincode": "PIN code must be 6 digits and not start with 0"}


@pytest.mark.parametrize(
    "spelling", ["411001", "411 001", " 411001", "411001\n", "411\u00a0001", "\u2068411001\u2069", "४११००१", "४११ 001"]
)
def test_a_pin_code_is_six_digits_in_any_spelling(spelling):
    assert validated(json.dumps({"pincode": spelling})) == {"pincode": "411001"}
