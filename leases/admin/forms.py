"""Forms that create a lease, and that assign an operator."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from accounts.models import Operator
from core.errors import DomainError
from core.forms import TextField
from core.notes import MAX_NOTE
from leases.choices import AttachmentType, OperatorRole
from leases.documents import MAX_BYTES, MAX_DOCUMENTS, WHICH, Document
from leases.operators import describe, operators_like
from leases.services import Assignment

MAX_OPERATORS = 10
BLANK_ROWS = 3
MAX_MATCHES = 5
TYPES = {
    AttachmentType.LEASE_AGREEMENT: "Lease agreement",
    AttachmentType.TRAINING_CERT: "Training certificate",
    AttachmentType.IDENTITY_PROOF: "Identity proof",
    AttachmentType.OTHER: "Other",
}
ROLES = {OperatorRole.PRIMARY: "Primary", OperatorRole.SECONDARY: "Secondary"}


class RupeesField(forms.DecimalField):
    """Take an amount in rupees, also as `1,25,000` or `₹ 500`."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value or "").replace(",", "").replace("₹", "").strip())


class TermsForm(forms.Form):
    deposit_amount = RupeesField(
        label="Deposit (₹)",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="Leave empty if none.",
    )
    notes = TextField(
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Printed in the agreement.",
    )


class OperatorForm(forms.Form):
    """Take one operator: the id selected in the list under `who`, or, without JavaScript, the text typed there."""

    operator = forms.UUIDField(required=False, widget=forms.HiddenInput)
    who = TextField(label="Operator", required=False, max_length=120)
    role = forms.ChoiceField(choices=ROLES, initial=OperatorRole.PRIMARY)
    selected: Operator | None = None
    """The operator, once the form is valid."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors or not (cleaned.get("operator") or cleaned.get("who")):
            return cleaned
        self.selected = self._by_id(cleaned["operator"]) if cleaned.get("operator") else self._by_text(cleaned["who"])
        return cleaned

    def has_changed(self) -> bool:
        """Return whether an operator was entered; a row with only a role counts as empty."""
        return bool({"operator", "who"} & set(self.changed_data))

    def _by_id(self, key: Any) -> Operator | None:
        operator = Operator.objects.select_related("user").filter(pk=key).first()
        if operator is None:
            self.add_error("who", "This operator does not exist any more")
        return operator

    def _by_text(self, text: str) -> Operator | None:
        matches = list(operators_like(text)[: MAX_MATCHES + 1])
        if len(matches) == 1:
            return matches[0]
        self.add_error("who", _ambiguous(matches) if matches else "No active operator has this name or phone")
        return None


class DocumentForm(forms.Form):
    file = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/*"})
    )
    type = forms.ChoiceField(choices=TYPES, initial=AttachmentType.OTHER)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(f"Each file must be at most {MAX_BYTES // 2**20} MB. Choose another.")
        return file

    def has_changed(self) -> bool:
        return "file" in self.changed_data


OperatorFormSet = formset_factory(OperatorForm, extra=MAX_OPERATORS, max_num=MAX_OPERATORS, absolute_max=MAX_OPERATORS)
DocumentFormSet = formset_factory(DocumentForm, extra=MAX_DOCUMENTS, max_num=MAX_DOCUMENTS, absolute_max=MAX_DOCUMENTS)


class LeaseForm:
    """Combine the forms of the page that creates a lease: terms, operators and documents."""

    def __init__(self, data: Any = None, files: Any = None):
        self.terms = TermsForm(data, label_suffix="")
        self.operators: BaseFormSet = OperatorFormSet(data, prefix="operators")
        self.documents: BaseFormSet = DocumentFormSet(data, files, prefix="files")

    @property
    def operator_rows(self) -> list[Any]:
        return [form for form in self.operators.forms if form.is_bound and form.has_changed()]

    @property
    def blank_operator_rows(self) -> list[Any]:
        """Return a few empty rows, for browsers without JavaScript, which cannot add one by one."""
        return [form for form in self.operators.forms if form not in self.operator_rows][:BLANK_ROWS]

    @property
    def blank_document_rows(self) -> list[Any]:
        return [form for form in self.documents.forms if form not in self.document_rows]

    @property
    def document_rows(self) -> list[Any]:
        return [form for form in self.documents.forms if form.is_bound and form.has_changed()]

    def is_valid(self) -> bool:
        return all([self.terms.is_valid(), self.operators.is_valid(), self.documents.is_valid()])

    def lease_arguments(self) -> dict[str, Any]:
        """Return the arguments of `create_lease`."""
        rows = [form.cleaned_data for form in self.document_rows]
        return {
            "deposit_amount": self.terms.cleaned_data["deposit_amount"],
            "note": self.terms.cleaned_data["notes"],
            "operators": [Assignment(form.selected.pk, form.cleaned_data["role"]) for form in self.operator_rows],
            "attachments": [Document(row["file"], row["type"]) for row in rows],
        }

    def add_error(self, error: DomainError) -> None:
        """Add an error of the service to the file that it is about, if it is about one."""
        number = error.details.get(WHICH)
        if number is not None:
            self.document_rows[int(number)].add_error("file", str(error))


def _ambiguous(matches: list[Operator]) -> str:
    names = ", ".join(describe(operator) for operator in matches[:MAX_MATCHES])
    more = " and others" if len(matches) > MAX_MATCHES else ""
    return f"Which one? {names}{more}: type the phone number"
