"""Acts of the back office: chosen rows, one service, a report on each row."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import Actor, back_office_actor
from core.errors import DomainError


def act_on_each(name: str, description: str, act: Callable[[Any, Actor], Any], done: str = "") -> Callable[..., None]:
    """An action of a list that does `act(row, actor)` to every chosen row, and says `done` or the refusal of each."""

    @admin.action(description=description, permissions=["change"])
    def action(self: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows:
            label = str(row)  # as it was chosen: the act may change or delete it
            try:
                act(row, back_office_actor(request.user))
                self.message_user(request, f"{label}: {done or description.lower() + ' done'}")
            except DomainError as refusal:
                self.message_user(request, f"{label}: {refusal}", messages.ERROR)

    action.__name__ = name
    return action
