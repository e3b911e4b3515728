"""Validate the input of discovery in the equipment contract."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from core.contracts.fields import IsoDateField, NumberField, QuantityField, TextField, required
from devices.locations import Location
from orders.choices import Kind
from orders.discovery import Dates

NO_LOCATION = "Location is required (lat/lng)"
_NUMBER = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,20})?", re.ASCII)


def numbers_in(query: Mapping[str, str], *names: str) -> dict[str, Any]:
    """Return the named query parameters as a JSON body would hold them: numbers if they are numeric, else the text."""
    given = {name: query[name] for name in names if query.get(name)}
    return {name: Decimal(text) if _NUMBER.fullmatch(text) else text for name, text in given.items()}


class MeasureField(NumberField):
    """Accept a JSON number within limits, as a float: phones send more digits than are needed."""

    def __init__(self, *, label: str, least: int, most: int, **options: Any):
        super().__init__(
            label=label,
            max_digits=None,
            decimal_places=None,
            min_value=Decimal(least),
            max_value=Decimal(most),
            error_messages=dict.fromkeys(["min_value", "max_value"], f"{label} must be from {least} to {most}"),
            **options,
        )

    def to_internal_value(self, data: Any) -> float:  # type: ignore[override]
        return float(super().to_internal_value(data))


class WholeNumberField(serializers.IntegerField):
    """Accept a JSON number without a fraction, within limits."""

    def __init__(self, *, label: str, least: int, most: int, **options: Any):
        self.message = f"{label} must be a whole number from {least} to {most}"
        super().__init__(min_value=least, max_value=most, **options)

    def to_internal_value(self, data: Any) -> int:
        is_number = isinstance(data, int | Decimal) and not isinstance(data, bool)
        # The limits are checked first: int() of 1e999999999 would never end.
        if not is_number or not self.min_value <= data <= self.max_value or data != int(data):
            raise serializers.ValidationError(self.message)
        return int(data)


class FieldGroup(serializers.Serializer):
    """Merge a group of fields into the fields around it, without those that are missing or null."""

    def __init__(self, **options: Any):
        super().__init__(source="*", required=False, allow_null=True, **options)

    def run_validation(self, data: Any = empty) -> dict[str, Any]:
        given = {} if data is None else super().run_validation(data)
        return {name: value for name, value in given.items() if value is not None}


class LocationInput(serializers.Serializer):
    lat = MeasureField(label="Latitude", least=-90, most=90)
    lng = MeasureField(label="Longitude", least=-180, most=180)

    def to_internal_value(self, data: Any) -> Location:
        if not isinstance(data, dict) or data.get("lat") is None or data.get("lng") is None:
            raise serializers.ValidationError(NO_LOCATION)
        degrees = super().to_internal_value(data)
        return Location(latitude=degrees["lat"], longitude=degrees["lng"])


class FiltersInput(FieldGroup):
    deviceType = TextField(label="Device type", max_length=50, source="device_type", required=False, allow_null=True)
    radiusKm = MeasureField(label="Radius", least=0, most=500, source="radius_km", required=False, allow_null=True)
    page = WholeNumberField(label="Page", least=0, most=100_000, required=False, allow_null=True)
    pageSize = WholeNumberField(
        label="Page size", least=1, most=20, source="page_size", required=False, allow_null=True
    )
    startDate = IsoDateField(label="Start date", source="start_date", required=False, allow_null=True)
    endDate = IsoDateField(label="End date", source="end_date", required=False, allow_null=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        start, end = fields.pop("start_date", None), fields.pop("end_date", None)
        if end is None and start is not None:
            raise serializers.ValidationError({"endDate": "End date is required"})
        if start is None and end is not None:
            raise serializers.ValidationError({"startDate": "Start date is required"})
        if start is not None and end < start:
            raise serializers.ValidationError({"endDate": "End date must not be before start date"})
        return fields | {"dates": None if start is None else Dates(start, end)}


class AmountsInput(FieldGroup):
    requestedHours = QuantityField(label="Requested hours", source="requested_hours", required=False, allow_null=True)
    requestedAcres = QuantityField(label="Requested acres", source="requested_acres", required=False, allow_null=True)


class SearchInput(serializers.Serializer):
    location = LocationInput(error_messages={"required": NO_LOCATION, "null": NO_LOCATION})
    filters = FiltersInput()
    intent = AmountsInput()


class DeviceDistanceInput(serializers.Serializer):
    location = LocationInput(required=False)


class IntentInput(serializers.Serializer):
    # Any text is accepted as an id; a malformed one gets the reply of an unknown one.
    deviceId = serializers.CharField(
        source="device_id",
        max_length=5000,
        error_messages=required("Device ID") | {"invalid": "Device ID must be text"},
    )
    intentType = serializers.ChoiceField(
        source="kind",
        choices=Kind.values,
        error_messages=required("Intent type") | {"invalid_choice": "Intent type must be RENT or LEASE"},
    )
    requestedHours = QuantityField(label="Requested hours", source="requested_hours", required=False, allow_null=True)
    requestedAcres = QuantityField(label="Requested acres", source="requested_acres", required=False, allow_null=True)
