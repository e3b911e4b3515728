"""Inlines on the pages of people and territories."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class LabelledFormset(forms.BaseInlineFormSet):
    """Label each field of a tabular inline for screen readers; visibly, only the table head does."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(field.label or name).capitalize())


class RightsInline(admin.TabularInline):
    """Edit rows that grant rights; the subclass declares who `may_grant` them."""

    formset = LabelledFormset
    extra = 0

    def may_grant(self, request: HttpRequest, verb: str) -> bool:
        """Return whether the signed-in user may `add`, `change` or `delete` these rows."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_grant(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_grant(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_grant(request, "delete")
