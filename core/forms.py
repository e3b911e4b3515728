"""Form fields of the back office that take a value in any spelling."""

from typing import Any

from django import forms

from core.text import canonical_digits


class DigitsField(forms.RegexField):
    """Take a code of digits in any spelling, and check its canonical spelling against `regex`."""

    def __init__(self, regex: str, **options: Any):
        # No `maxlength`: it would cut `411 001` before the spaces are dropped.
        super().__init__(regex, **options | {"max_length": None})

    def to_python(self, value: Any) -> Any:
        return super().to_python(canonical_digits(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "numeric"}
