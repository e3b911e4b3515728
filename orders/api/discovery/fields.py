"""Serializer fields of discovery, and numbers from query parameters."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.storage import default_storage
from rest_framework import serializers
from rest_framework.fields import empty

from core.contracts.fields import NumberField
from devices.models import Device
from orders.discovery import is_leased

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


class DistanceField(serializers.FloatField):
    """Render kilometres to two decimals: enough to go there, too coarse to locate a device."""

    def to_representation(self, value: float) -> float:  # type: ignore[override]
        return round(value, 2)


class LeaseStateField(serializers.ChoiceField):
    """Render whether a device is leased, without the lessee."""

    def __init__(self, **options: Any):
        super().__init__(choices=["LEASED", "AVAILABLE"], **options)

    def to_representation(self, device: Device) -> str:  # type: ignore[override]
        return "LEASED" if is_leased(device) else "AVAILABLE"


class MediaUrlField(serializers.CharField):
    """Render the URL of a stored file from its name."""

    def to_representation(self, name: str) -> str:
        return default_storage.url(name)
