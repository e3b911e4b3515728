"""What is said with a decision: a note, how it was checked, and what the insurance covers."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.notes import MAX_NOTE
from service_orders.workflow import ServiceOrderStatus

METHODS = ["Policy document", "Insurance card", "Carrier's website", "Phone call to the carrier"]
ROWS_SHOWN, MAX_ROWS = 2, 10
LONGEST_NAME, LONGEST_VALUE = 50, 150
NEEDS_NOTE = [ServiceOrderStatus.REJECTED]

Pair = tuple[str, str]


class PairsInput(forms.Widget):
    """Inputs `<name>_name` and `<name>_value`, as many of each as there are rows; the page draws them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Pair]:
        pairs = zip(data.getlist(f"{name}_name"), data.getlist(f"{name}_value"), strict=False)
        return [(key.strip(), value.strip()) for key, value in pairs]


class PairsField(forms.Field):
    """Rows of a name and what is said of it, as a dict; empty rows do not count."""

    widget = PairsInput

    def to_python(self, rows: list[Pair] | None) -> dict[str, str]:
        said = [row for row in rows or [] if any(row)]
        for name, value in said:
            _must_be_row(name, value)
        pairs = dict(said)
        if len(pairs) < len(said):
            raise forms.ValidationError("Say each of them once")
        if len(pairs) > MAX_ROWS:
            raise forms.ValidationError(f"At most {MAX_ROWS} rows")
        return pairs


def _must_be_row(name: str, value: str) -> None:
    if not (name and value):
        raise forms.ValidationError(f"Say both in the row “{name or value}”")
    if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
        raise forms.ValidationError(f"At most {LONGEST_NAME} characters for what, {LONGEST_VALUE} for how much")
    if "\0" in name + value:
        raise forms.ValidationError("Rows are text")


class DecisionForm(forms.Form):
    """The fields beside the buttons of a service order."""

    to = forms.CharField(required=False, widget=forms.HiddenInput)
    verification_method = forms.CharField(
        label="How it was checked", required=False, max_length=100, widget=forms.TextInput({"list": "methods"})
    )
    checked_document = forms.CharField(label="Document checked", required=False, max_length=100)
    reference_number = forms.CharField(label="Reference number", required=False, max_length=100)
    coverage = PairsField(label="What is covered", required=False)
    note = forms.CharField(
        label="Note", required=False, max_length=MAX_NOTE, widget=forms.Textarea({"rows": 2, "maxlength": MAX_NOTE})
    )
    methods = METHODS

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("to") in NEEDS_NOTE and not said.get("note") and "note" not in self.errors:
            self.add_error("note", "Say why it is rejected")
        return said

    def verification_data(self, *, verified_by: str) -> dict[str, Any] | None:
        """What is kept with the change, in the contract's names; None where nothing was said."""
        said = self.cleaned_data
        texts = ["verification_method", "checked_document", "reference_number"]
        kept: dict[str, Any] = {name: said[name] for name in texts if said[name]}
        if said["coverage"]:
            kept["coverage_details"] = said["coverage"]
        return {"verified_by": verified_by} | kept if kept else None

    @property
    def rows(self) -> list[Pair]:
        """The rows as they were typed, and some to type into."""
        typed = self._typed()
        return typed + [("", "")] * max(ROWS_SHOWN - len(typed), 1)

    @property
    def has_rows(self) -> bool:
        return bool(self._typed())

    def _typed(self) -> list[Pair]:
        return [row for row in self["coverage"].value() or [] if any(row)]


def errors_of(form: forms.Form) -> Mapping[str, str]:
    """The first thing wrong with each field."""
    return {name: str(found[0]) for name, found in form.errors.items()}
