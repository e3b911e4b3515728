"""Serializer fields of accounts."""

import re
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from accounts.phones import canonical_phone
from core.contracts.fields import TextField, required
from core.errors import Invalid
from core.text import canonical_digits

_OTP = re.compile(r"[0-9]{6}", re.ASCII)


class PhoneField(serializers.CharField):
    """Accept a phone number in any spelling and return it as E.164."""

    def __init__(self, **options: Any):
        super().__init__(error_messages={**required("Phone number")}, **options)

    def to_internal_value(self, data: Any) -> str:
        try:
            return canonical_phone(data)
        except Invalid as error:
            raise serializers.ValidationError(list(error.fields.values())) from None


class OtpField(serializers.CharField):
    """Accept a string of 6 digits in any spelling. Numbers are refused: they would lose leading zeros."""

    def __init__(self, **options: Any):
        super().__init__(error_messages={**required("OTP"), "invalid": "OTP must be 6 digits"}, **options)

    def to_internal_value(self, data: Any) -> str:
        code = canonical_digits(data) if isinstance(data, str) else ""
        if not _OTP.fullmatch(code):
            self.fail("invalid")
        return code


class LineField(TextField):
    """Accept text without line breaks."""

    def __init__(self, *, label: str, **options: Any):
        super().__init__(label=label, **options)
        self.validators.append(RegexValidator(r"\n", f"{label} must be one line", inverse_match=True))


class OneOf(serializers.ChoiceField):
    """Accept one of a few values, case-sensitive."""

    def __init__(self, choices: list[str], *, label: str, **options: Any):
        text = f"{label} must be one of {', '.join(choices)}"
        super().__init__(choices, error_messages={**required(label), "invalid_choice": text}, **options)


class IgnoreNullSerializer(serializers.Serializer):
    """Treat null like a missing field: apps send null for fields that were not filled in."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if value is not None}
        return super().to_internal_value(data)
