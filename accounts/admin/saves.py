"""Saving a page of a person: nothing that happens at the same moment makes it an error of ours."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.admin.versions import GuardedAdmin
from core.errors import DomainError

TAKEN = "Somebody saved the same at the same moment. Look at it again."


class KeptPeopleAdmin(GuardedAdmin):
    """People are shut out, never deleted; who saves what another has just taken sees it said at the field."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except (IntegrityError, DomainError):  # rolled back; the other's row is there now, and the form sees it
            return self._once_more(request, *args, **options)

    def _once_more(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except IntegrityError:
            refusal = TAKEN
        except DomainError as said:
            refusal = str(said)
        self.message_user(request, refusal, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


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
