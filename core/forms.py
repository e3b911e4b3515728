"""Form fields of the back office that take a value in any spelling."""

from typing import Any

from django import forms
from django.db import models

from core.text import canonical_digits, clean_text, has_control_characters

CONTROL_CHARACTERS = "Must not contain control characters"


class TextField(forms.CharField):
    """Take a name or note: trimmed, as `clean_text` returns it, without control characters."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_text(value) if isinstance(value, str) else value)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if has_control_characters(value or ""):
            raise forms.ValidationError(CONTROL_CHARACTERS)


def form_options(column: models.Field, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options for the form field of a column: free text is taken by TextField."""
    is_text = type(column) in {models.CharField, models.TextField} and not column.choices
    return {"form_class": TextField} | options if is_text else options


def form_field(column: models.Field, **options: Any) -> forms.Field | None:
    """Return the form field of a column; the `formfield_callback` of model forms."""
    return column.formfield(**form_options(column, options))


class DigitsField(forms.RegexField):
    """Take a code of digits in any spelling, and check its canonical spelling against `regex`."""

    def __init__(self, regex: str, **options: Any):
        # No `maxlength`: it would cut `411 001` before the spaces are dropped.
        super().__init__(regex, **options | {"max_length": None})

    def to_python(self, value: Any) -> Any:
        return super().to_python(canonical_digits(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "numeric"}
