"""The form of a decision: a note, how the insurance was checked, and what it covers."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.forms import TextField
from core.notes import MAX_NOTE
from core.text import clean_text, has_control_characters
from service_orders.workflow import ServiceOrderStatus

METHODS = ["Policy document", "Insurance card", "Carrier's website", "Phone call to the carrier"]
MIN_ROWS, MAX_ROWS = 2, 10
MAX_NAME, MAX_VALUE = 50, 150
NEEDS_NOTE = [ServiceOrderStatus.REJECTED]

Pair = tuple[str, str]


class PairsInput(forms.Widget):
    """Read the inputs `<name>_name` and `<name>_value`, one of each per row; the template renders them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Pair]:
        pairs = zip(data.getlist(f"{name}_name"), data.getlist(f"{name}_value"), strict=False)
        return [(clean_text(key).strip(), clean_text(value).strip()) for key, value in pairs]


class PairsField(forms.Field):
    """Take rows of a name and a value as a dict; empty rows do not count."""

    widget = PairsInput

    def to_python(self, rows: list[Pair] | None) -> dict[str, str]:
        filled = [row for row in rows or [] if any(row)]
        for name, value in filled:
            _validate_row(name, value)
        pairs = dict(filled)
        if len(pairs) < len(filled):
            raise forms.ValidationError("Say each of them once")
        if len(pairs) > MAX_ROWS:
            raise forms.ValidationError(f"At most {MAX_ROWS} rows")
        return pairs


def _validate_row(name: str, value: str) -> None:
    if not (name and value):
        raise forms.ValidationError(f"Say both in the row “{name or value}”")
    if len(name) > MAX_NAME or len(value) > MAX_VALUE:
        raise forms.ValidationError(f"At most {MAX_NAME} characters for what, {MAX_VALUE} for how much")
    if has_control_characters(name + value):
        raise forms.ValidationError("Rows are text")


class DecisionForm(forms.Form):
    """Read the fields beside the buttons of a service order."""

    to = forms.CharField(required=False, widget=forms.HiddenInput)
    verification_method = TextField(
        label="How it was checked", required=False, max_length=100, widget=forms.TextInput({"list": "methods"})
    )
    checked_document = TextField(label="Document checked", required=False, max_length=100)
    reference_number = TextField(label="Reference number", required=False, max_length=100)
    coverage = PairsField(label="What is covered", required=False)
    note = TextField(
        label="Note", required=False, max_length=MAX_NOTE, widget=forms.Textarea({"rows": 2, "maxlength": MAX_NOTE})
    )
    methods = METHODS

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("to") in NEEDS_NOTE and not data.get("note") and "note" not in self.errors:
            self.add_error("note", "Say why it is rejected")
        return data

    def verification_data(self, *, verified_by: str) -> dict[str, Any] | None:
        """Return what the history stores, under the contract's names; None if nothing was filled in."""
        data = self.cleaned_data
        names = ["verification_method", "checked_document", "reference_number"]
        stored: dict[str, Any] = {name: data[name] for name in names if data[name]}
        if data["coverage"]:
            stored["coverage_details"] = data["coverage"]
        return {"verified_by": verified_by} | stored if stored else None

    @property
    def rows(self) -> list[Pair]:
        """Return the rows as they were typed, and some empty ones."""
        typed = self._typed()
        return typed + [("", "")] * max(MIN_ROWS - len(typed), 1)

    @property
    def has_rows(self) -> bool:
        return bool(self._typed())

    def _typed(self) -> list[Pair]:
        return [row for row in self["coverage"].value() or [] if any(row)]


def errors_of(form: forms.Form) -> Mapping[str, str]:
    """Return the first error of each field."""
    return {name: str(errors[0]) for name, errors in form.errors.items()}
