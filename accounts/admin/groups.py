"""Admin pages of groups of staff, saved by the services."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.services import delete_group, save_group
from core.admin.base import ServiceErrorsAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(ServiceErrorsAdmin, DjangoGroupAdmin):
    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        """Save the group with its permissions."""
        by = self.get_actor(request)
        save_group(obj, by=by, name=obj.name, permissions=form.cleaned_data["permissions"])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save nothing: the service has saved the permissions with the group."""

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        delete_group(obj, by=self.get_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        for group in queryset:
            self.delete_model(request, group)
