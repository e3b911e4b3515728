"""How people, and what they know, are spelt on the wire."""

import re
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from accounts.phones import canonical_phone
from core.contracts.fields import TextField, required
from core.errors import Invalid

_OTP = re.compile(r"[0-9]{6}", re.ASCII)


class PhoneField(serializers.CharField):
    """A phone in any spelling, read as E.164."""

    def __init__(self, **options: Any):
        super().__init__(error_messages=required("Phone number"), **options)

    def to_internal_value(self, data: Any) -> str:
        try:
            return canonical_phone(data)
        except Invalid as refusal:
            raise serializers.ValidationError(list(refusal.fields.values())) from None


class OtpField(serializers.CharField):
    """A string of 6 ASCII digits; a number would have lost its leading zeros."""

    def __init__(self, **options: Any):
        super().__init__(error_messages=required("OTP") | {"invalid": "OTP must be 6 digits"}, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not _OTP.fullmatch(data):
            self.fail("invalid")
        return data


class LineField(TextField):
    """Text of one line."""

    def __init__(self, *, label: str, **options: Any):
        super().__init__(label=label, **options)
        self.validators.append(RegexValidator(r"\n", f"{label} must be one line", inverse_match=True))


class OneOf(serializers.ChoiceField):
    """One of a few words, spelt exactly so."""

    def __init__(self, choices: list[str], *, label: str, **options: Any):
        text = f"{label} must be one of {', '.join(choices)}"
        super().__init__(choices, error_messages=required(label) | {"invalid_choice": text}, **options)


class NullMeansUnsaid(serializers.Serializer):
    """Apps send null for what a person did not fill in: it changes nothing."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if value is not None}
        return super().to_internal_value(data)
