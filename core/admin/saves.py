"""Pages of rows that others refer to, saved by services: what these refuse is said in the form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from core.errors import DomainError

TAKEN = "Somebody saved the same at the same moment. Look at it again."


class KeptAdmin(admin.ModelAdmin):
    """Of rows that others refer to: they are taken out of use, never deleted."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SavedByService(admin.ModelAdmin):
    """What is refused after the form's own checks, as of two who save at once, is said in the form as well."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return self._once_more_if_taken(request, *args, **options)
        except DomainError as refusal:
            said = str(refusal)
        except IntegrityError:
            said = TAKEN
        request.refusal = said  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **options)

    def _once_more_if_taken(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except IntegrityError:  # rolled back; the other's row is there now, and the form's own checks see it
            return super().changeform_view(request, *args, **options)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        refusal = getattr(request, "refusal", None)
        return _refused(form, refusal) if refusal else form


def _refused(form: type[forms.ModelForm], refusal: str) -> type[forms.ModelForm]:
    class Refused(form):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            self.add_error(None, refusal)
            return super().clean()

    return Refused
