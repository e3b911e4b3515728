"""Provide serializer fields: strict about dates and numbers, in any spelling for codes of digits."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.notes import MAX_NOTE
from core.text import canonical_digits, clean_text, has_control_characters

EARLIEST_DAY, LATEST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PINCODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)


def required(label: str) -> dict[str, Any]:
    """Return error messages of a required field: absent, null and blank all read `<label> is required`."""
    text = f"{label} is required"
    return {"required": text, "null": text, "blank": text}


class NumberField(serializers.DecimalField):
    """Accept a JSON number, never a string or boolean; store a decimal, render a number."""

    def __init__(self, *, label: str, max_digits: int | None = 12, decimal_places: int | None = 2, **options: Any):
        options.setdefault("error_messages", {})
        options["error_messages"] |= {
            "invalid": f"{label} must be a number",
            "max_decimal_places": f"{label} must have at most {decimal_places} decimals",
            "max_digits": f"{label} is too large",
            "max_whole_digits": f"{label} is too large",
            "max_string_length": f"{label} must be a number",
        }
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, int | Decimal | float):
            self.fail("invalid")
        return super().to_internal_value(data)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        # Not DecimalField's, for which "" is null.
        return super(serializers.DecimalField, self).validate_empty_values(data)

    def validate_precision(self, value: Decimal) -> Decimal:
        # 10.000 is 10: trailing zeros are no further decimals.
        value = value.normalize() if value == value.to_integral() else value
        # Before the digits are counted: 0.30000000000000004 is not large.
        if self.decimal_places is not None and int(value.as_tuple().exponent) < -self.decimal_places:
            self.fail("max_decimal_places")
        return super().validate_precision(value)

    def to_representation(self, value: Decimal) -> float:  # type: ignore[override]
        return float(value)


class QuantityField(NumberField):
    """Accept hours, acres or a rate: above 0, at most `at_most`, at most 2 decimals (decisions, section 2)."""

    def __init__(self, *, label: str, at_most: int = 100000, **options: Any):
        texts = {"max_value": f"{label} must be at most {at_most}"}
        options["error_messages"] = texts | options.get("error_messages", {})
        super().__init__(label=label, max_value=Decimal(at_most), **options)
        self.positive = f"{label} must be greater than 0"

    def to_internal_value(self, data: Any) -> Decimal:
        value = super().to_internal_value(data)
        if value <= 0:
            raise serializers.ValidationError(self.positive)
        return value


class IsoDateField(serializers.DateField):
    """Accept an existing day as `YYYY-MM-DD` in ASCII digits, from EARLIEST_DAY to LATEST_DAY."""

    def __init__(self, *, label: str, **options: Any):
        messages = {
            "invalid": f"{label} must be a date (YYYY-MM-DD)",
            "out_of_range": f"{label} must be between {EARLIEST_DAY} and {LATEST_DAY}",
        }
        options["error_messages"] = messages | options.get("error_messages", {})
        super().__init__(**options)

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
            self.fail("invalid")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail("invalid")
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            self.fail("out_of_range")
        return day


class TextField(serializers.CharField):
    """Accept text: trimmed, as `clean_text` returns it, without control characters."""

    def __init__(self, *, label: str, max_length: int, **options: Any):
        options["error_messages"] = {
            "invalid": f"{label} must be text",
            "max_length": f"{label} must be at most {max_length} characters",
            "blank": f"{label} must not be empty",
        } | options.get("error_messages", {})
        super().__init__(max_length=max_length, **options)
        self.unprintable = f"{label} must not contain control characters"

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # Before the check for blank text, so that invisible text is blank.
        return super().run_validation(clean_text(data) if isinstance(data, str) else data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if has_control_characters(data):
            raise serializers.ValidationError(self.unprintable)
        return super().to_internal_value(data)


class OptionalTextField(TextField):
    """Accept optional text: absent, null and empty are equal."""

    def __init__(self, **options: Any):
        super().__init__(required=False, allow_null=True, allow_blank=True, **options)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class FlagField(serializers.BooleanField):
    """Accept JSON's true or false only, never a string or number."""

    def __init__(self, *, label: str, **options: Any):
        text = f"{label} must be true or false"
        options["error_messages"] = {"invalid": text, "null": text} | options.get("error_messages", {})
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class NoteField(TextField):
    """Accept an optional note of up to 1000 characters; absent, null and empty are equal."""

    def __init__(self, **options: Any):
        super().__init__(
            label="Note", max_length=MAX_NOTE, required=False, allow_null=True, allow_blank=True, **options
        )


class PincodeField(serializers.CharField):
    """Accept an Indian PIN code: a string of 6 digits in any spelling, the first of them not 0."""

    def __init__(self, *, label: str = "PIN code", **options: Any):
        text = f"{label} must be 6 digits and not start with 0"
        options["error_messages"] = {"invalid": text, "blank": text} | options.get("error_messages", {})
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        pincode = canonical_digits(data) if isinstance(data, str) else ""
        if not _PINCODE.fullmatch(pincode):
            self.fail("invalid")
        return pincode


class InstantField(serializers.DateTimeField):
    """Render an instant as ISO-8601 in UTC with `Z`, independent of the screens' time zone."""

    def __init__(self, **options: Any):
        super().__init__(read_only=True, default_timezone=UTC, **options)


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "type": {"const": "Point"},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
        "required": ["type", "coordinates"],
        "description": "GeoJSON Point: longitude first.",
    }
)
class PointField(serializers.Field):
    """Map a GeoJSON Point to the row's columns `latitude` and `longitude` (degrees).

    It stands for the row (`source="*"`): validated data holds the floats `latitude` and `longitude` side by side with
    the other fields, both None for a null where `allow_null`; a row without a place is answered as null.
    """

    default_error_messages = {
        "null": "{label} is required",
        "invalid": "{label} must be a GeoJSON Point",
        "longitude": "{label} longitude must be from -180 to 180",
        "latitude": "{label} latitude must be from -90 to 90",
    }

    def __init__(self, *, label: str, **options: Any):
        texts = {key: text.format(label=label) for key, text in self.default_error_messages.items()}
        options["error_messages"] = texts | {"required": texts["null"]} | options.get("error_messages", {})
        super().__init__(source="*", label=label, **options)

    def to_internal_value(self, data: Any) -> dict[str, float | None]:
        if data is None:  # a null that is allowed
            return {"latitude": None, "longitude": None}
        coordinates = data.get("coordinates") if isinstance(data, dict) and data.get("type") == "Point" else None
        if not isinstance(coordinates, list) or len(coordinates) != 2 or not all(map(_is_number, coordinates)):
            self.fail("invalid")
        longitude, latitude = coordinates
        if not -180 <= longitude <= 180:
            self.fail("longitude")
        if not -90 <= latitude <= 90:
            self.fail("latitude")
        return {"latitude": float(latitude), "longitude": float(longitude)}

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        if value.latitude is None:
            return None
        return {"type": "Point", "coordinates": [value.longitude, value.latitude]}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def parse_instant(value: str) -> datetime | None:
    """Parse an ISO-8601 text with a time zone to UTC; None if it is invalid."""
    try:
        instant = parse_datetime(value)
        return instant.astimezone(UTC) if instant is not None and instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
