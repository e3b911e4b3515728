"""Validate the free-form data that come with a verification."""

import json
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.text import has_control_characters, without_format_characters

MAX_BYTES = 8 * 1024
MAX_DEPTH = 5
TEXTS = ["verified_by", "verification_method"]


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "verified_by": {"type": "string"},
            "verification_method": {"type": "string"},
            "coverage_details": {"type": "object"},
        },
        "description": f"Stored with the transition, other properties included; at most {MAX_BYTES // 1024} KB.",
    }
)
class VerificationDataField(serializers.Field):
    """Accept a JSON object of limited size and depth that the database can store and screens can show."""

    default_error_messages = {
        "invalid": "Verification data must be an object",
        "text": "{name} must be text",
        "object": "{name} must be an object",
        "too_large": f"Verification data must be at most {MAX_BYTES // 1024} KB",
        "too_deep": f"Verification data must not be nested deeper than {MAX_DEPTH}",
        "doubled": "Verification data must not contain a name twice",
        "unprintable": "Verification data must not contain control characters",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        for name in TEXTS:
            self._check_type(str, data, name, "text")
        self._check_type(dict, data, "coverage_details", "object")
        plain = self._plain(data, MAX_DEPTH)
        if len(json.dumps(plain, ensure_ascii=False).encode()) > MAX_BYTES:
            self.fail("too_large")
        return plain

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value

    def _check_type(self, kind: type, data: dict[str, Any], name: str, key: str) -> None:
        if not isinstance(data.get(name), kind | None):
            text = self.error_messages[key].format(name=name.replace("_", " ").capitalize())
            raise serializers.ValidationError({name: text})

    def _plain(self, value: Any, levels: int) -> Any:
        """Return `value` in types that a JSON column takes."""
        if isinstance(value, dict | list) and not levels:
            self.fail("too_deep")
        match value:
            case str():
                return self._printable(value)
            case Decimal():
                return float(value)
            case dict():
                plain = {self._printable(key): self._plain(inner, levels - 1) for key, inner in value.items()}
                if len(plain) < len(value):  # names that differed in format characters only
                    self.fail("doubled")
                return plain
            case list():
                return [self._plain(inner, levels - 1) for inner in value]
        return value

    def _printable(self, text: str) -> str:
        text = without_format_characters(text)
        if has_control_characters(text.replace("\r", "").replace("\t", "")):
            self.fail("unprintable")
        return text
