"""What the pages of people have in common."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.admin.saves import KeptAdmin, SavedByService
from core.admin.versions import GuardedAdmin


class KeptPeopleAdmin(GuardedAdmin, SavedByService, KeptAdmin):
    """People are shut out, never deleted."""


class LabelledFormset(forms.BaseInlineFormSet):
    """In a table only the head names the columns: for those who hear the page, each field says its own name."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(field.label or name).capitalize())


class RightsInline(admin.TabularInline):
    """Rows that give rights: the class says who may `give` them."""

    formset = LabelledFormset
    extra = 0

    def gives(self, request: HttpRequest, verb: str) -> bool:
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.gives(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.gives(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.gives(request, "delete")
