"""Change forms that are refused if the row was saved after the page was opened."""

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse

from core.admin.base import BaseAdmin, NoDeleteAdmin, ServiceErrorsAdmin
from core.errors import StaleObjectError

VERSION_FIELD = "_version"
"""The name of the hidden input with the version that the page showed."""


class StaleFormMixin(BaseAdmin):
    """Refuse a form that was opened before another save; what was typed stays, to be compared.

    The version covers what the form can write: its fields, and the rows of those inlines that may be changed.
    """

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        return self._checking_form(form, request) if change and request.method == "POST" else form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        # Saving runs in a transaction; the services behind the other buttons lock by themselves.
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            self.model._base_manager.select_for_update().filter(pk=_key(self.model, object_id)).first()
        return super().get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            # A refused form keeps the version it was opened with, so that saving it again is refused again.
            posted = request.POST.get(VERSION_FIELD)
            context["form_version"] = posted or self.form_version(context["adminform"].form, request, row)
        return super().render_change_form(request, context, *args, **options)

    def form_version(self, form: forms.BaseForm, request: HttpRequest, row: Any) -> str:
        """Return a hash of all values that the form can write."""
        values: list[Any] = [
            sorted((name, repr(value)) for name, value in model_to_dict(row, fields=list(form.fields)).items())
        ]
        inlines = [each for each in self.get_inline_instances(request, row) if each.has_change_permission(request)]
        values += [[repr(each) for each in _rows_of(inline, request, row)] for inline in inlines]
        return hashlib.sha256(repr(values).encode()).hexdigest()

    def _checking_form(self, form: type[forms.ModelForm], request: HttpRequest) -> type[forms.ModelForm]:
        form_version = self.form_version

        class CheckingForm(form):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                if self.data.get(VERSION_FIELD) != form_version(self, request, self.instance):
                    raise forms.ValidationError(str(StaleObjectError()), code="changed")
                return super().clean()

        return CheckingForm


class EditableAdmin(StaleFormMixin, ServiceErrorsAdmin, NoDeleteAdmin):
    """Edit rows through services: nothing is deleted, stale forms and refused changes are shown in the form."""


def _rows_of(inline: admin.options.InlineModelAdmin, request: HttpRequest, row: Model) -> QuerySet:
    foreign_key = inline.get_formset(request, row).fk.name  # type: ignore[attr-defined]
    return inline.model._default_manager.filter(**{foreign_key: row}).order_by("pk").values_list()


def _key(model: type[Model], object_id: str) -> Any:
    try:
        return model._meta.pk.to_python(object_id)
    except forms.ValidationError:
        return None
