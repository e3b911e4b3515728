"""What the pages of devices and of what they refer to have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.actors import Actor, back_office_actor
from core.errors import DomainError


class KeptAdmin(admin.ModelAdmin):
    """Of rows that others refer to: they are taken out of use, never deleted."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def act_on_each(name: str, description: str, act: Callable[[Any, Actor], Any]) -> Callable[..., None]:
    """An action that does `act(row, actor)` to every chosen row, and reports on each."""

    @admin.action(description=description, permissions=["change"])
    def action(self: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows:
            label = str(row)
            try:
                act(row, back_office_actor(request.user))
                self.message_user(request, f"{label}: {description.lower()} done")
            except DomainError as refusal:
                self.message_user(request, f"{label}: {refusal}", messages.ERROR)

    action.__name__ = name
    return action
