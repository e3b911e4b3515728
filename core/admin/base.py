"""Base classes of model admins: who acts, read-only pages, pages that never delete and that save through services."""

from typing import Any, ClassVar, Protocol, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from core.admin.change_lists import NamedChangeList
from core.admin.paging import KeysFirstPaginator
from core.errors import DomainError
from core.forms import form_options

SAVED_CONCURRENTLY = "The same was saved by another user at the same moment. Look at it again."


class ActorSite(Protocol):
    """Tell who acts. Implemented by the project's admin site, as this package knows no users."""

    def get_actor(self, request: HttpRequest) -> Any: ...


class BaseAdmin(admin.ModelAdmin):
    """Title lists with the plural name of the model, and take the actor of services from the admin site."""

    change_list_class: ClassVar[type[ChangeList]] = NamedChangeList
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return self.change_list_class

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_dbfield(db_field, request, **form_options(db_field, options))

    def get_actor(self, request: HttpRequest, row: Any = None) -> Any:
        """Return who acts on the row, as services and policies take it. Raises Forbidden."""
        return cast(ActorSite, self.admin_site).get_actor(request)

    def can_act_on(self, request: HttpRequest, row: Model) -> bool:
        """Return whether the signed-in user may use the buttons on the page of the row."""
        return self.has_change_permission(request, row)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the template of the page of a row needs beside Django's context."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            context |= self.page_context(request, row)
        return super().render_change_form(request, context, *args, **options)


class ReadOnlyAdmin(BaseAdmin):
    """Show rows that no form writes; actions change them through services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Asked without a row for the actions. To save a page would write back, column by column, what it once read.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def can_act_on(self, request: HttpRequest, row: Model) -> bool:
        return self.has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        if not self.fieldsets:
            return [field.name for field in self.model._meta.fields]
        return [name for _, options in self.get_fieldsets(request, obj) for name in options["fields"]]


class LongListAdmin(ReadOnlyAdmin):
    """List a table that grows without end: no counts of filters, no page with all rows."""

    paginator = KeysFirstPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER


class NoDeleteAdmin(BaseAdmin):
    """Refuse to delete rows that others refer to; they are deactivated instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ServiceErrorsAdmin(BaseAdmin):
    """Show a DomainError that a service raises while saving, or a lost race for a unique value, as a form error."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return self._retry_if_taken(request, *args, **options)
        except DomainError as error:
            message = str(error)
        except IntegrityError:
            message = SAVED_CONCURRENTLY
        request.service_error = message  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **options)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        message = getattr(request, "service_error", None)
        return _invalid_form(form, message) if message else form

    def _retry_if_taken(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except IntegrityError:  # rolled back; the other's row is there now, and the form's own checks see it
            return super().changeform_view(request, *args, **options)


def _invalid_form(form: type[forms.ModelForm], message: str) -> type[forms.ModelForm]:
    class InvalidForm(form):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            self.add_error(None, message)
            return super().clean()

    return InvalidForm
