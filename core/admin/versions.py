"""Forms of the back office that notice when somebody else saved meanwhile."""

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse

from core.admin.lists import NamedList
from core.errors import StaleObjectError

SEEN = "_seen"
"""The name of the hidden input that says what the page showed."""


class GuardedAdmin(admin.ModelAdmin):
    """A page that was opened before somebody else's save is refused; what was typed stays to be compared.

    What counts is what the page can write: its fields, and the rows of those inlines that may be changed.
    """

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return NamedList

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        return self._guarded(form, request) if change and request.method == "POST" else form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        # Saving runs in a transaction; other acts of a page lock for themselves.
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            self.model._base_manager.select_for_update().filter(pk=_key(self.model, object_id)).first()
        return super().get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            # A refused form shows again what it was opened with: saving it once more is refused once more.
            context["version_shown"] = request.POST.get(SEEN) or self._version(context["adminform"].form, request, row)
        return super().render_change_form(request, context, *args, **options)

    def _guarded(self, form: type[forms.ModelForm], request: HttpRequest) -> type[forms.ModelForm]:
        version = self._version

        class Guarded(form):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                if self.data.get(SEEN) != version(self, request, self.instance):
                    raise forms.ValidationError(str(StaleObjectError()), code="changed")
                return super().clean()

        return Guarded

    def _version(self, form: forms.BaseForm, request: HttpRequest, row: Model) -> str:
        values: list[Any] = [
            sorted((name, repr(value)) for name, value in model_to_dict(row, fields=list(form.fields)).items())
        ]
        shown = self.get_inline_instances(request, row)
        inlines = [inline for inline in shown if inline.has_change_permission(request)]
        values += [[repr(each) for each in _rows_of(inline, request, row)] for inline in inlines]
        return hashlib.sha256(repr(values).encode()).hexdigest()


def _rows_of(inline: admin.options.InlineModelAdmin, request: HttpRequest, row: Model) -> QuerySet:
    link = inline.get_formset(request, row).fk.name  # type: ignore[attr-defined]
    return inline.model._default_manager.filter(**{link: row}).order_by("pk").values_list()


def _key(model: type[Model], object_id: str) -> Any:
    try:
        return model._meta.pk.to_python(object_id)  # type: ignore[union-attr]
    except forms.ValidationError:
        return None
