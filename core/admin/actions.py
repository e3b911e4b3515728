"""Row actions: a service that staff run on one row by a button of its page, or on each chosen row of a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.safestring import SafeString

from core.admin.base import BaseAdmin
from core.admin.notes import pop_kept_note, read_note
from core.admin.views import log_and_show, object_post
from core.errors import DomainError, Forbidden
from core.notes import MAX_NOTE

NOT_PERMITTED = "you may not change this one"


@dataclass(frozen=True)
class RowAction:
    """Declare one thing that staff do to a row."""

    name: str
    label: str
    service: Callable[..., object]
    """Takes the row and the keywords `by` and, if `takes_note`, `note`. Raises DomainError."""
    success: str
    """What messages and the log say when it is done."""
    is_available: Callable[[Any], bool] = lambda row: True
    """Whether the page of the row has the button."""
    tone: str = "quiet"
    takes_note: bool = False
    """Whether the service stores the note; otherwise only the log does."""
    needs_note: bool = False
    superuser_only: bool = False


class RowActionsMixin(BaseAdmin):
    """Render buttons for `row_actions` on the page of a row; the note goes into the log."""

    row_actions: ClassVar[Sequence[RowAction]] = ()

    def get_urls(self) -> list[URLPattern]:
        post = object_post(self, "<path:object_id>/action/", self.row_action_view, name="action")
        return [post, *super().get_urls()]

    def page_badges(self, row: Any) -> list[SafeString]:
        """Return the badges at the top of the page of a row."""
        return []

    def row_action_view(self, request: HttpRequest, row: Model) -> None:
        """Run the action that the button names. Raises PermissionDenied, DomainError."""
        action = next((action for action in self.row_actions if action.name == request.POST.get("action")), None)
        if action is None or not is_permitted(self, request, row, action):
            raise PermissionDenied
        run_action(self, request, row, action, read_note(request, is_needed=action.needs_note))

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        permitted = [action for action in self.row_actions if is_permitted(self, request, row, action)]
        return super().page_context(request, row) | {
            "page_badges": self.page_badges(row),
            "row_actions": [action for action in permitted if action.is_available(row)],
            "kept_note": pop_kept_note(request, row),
        }


class NoteActionForm(ActionForm):
    """Add a note to the actions above a list."""

    note = forms.CharField(
        required=False,
        max_length=MAX_NOTE,
        label="Note",
        widget=forms.TextInput({"placeholder": "Why, where it matters"}),
    )


def bulk_action(action: RowAction) -> Callable[..., None]:
    """Return an action for the list: run `action` on each chosen row, and show the outcome of each."""

    @admin.action(description=action.label, permissions=["change"])
    def run_on_each(self: BaseAdmin, request: HttpRequest, rows: QuerySet) -> None:
        try:
            note = read_note(request, is_needed=action.needs_note)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        for row in rows:
            try:
                run_action(self, request, row, action, note)
            except DomainError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)

    run_on_each.__name__ = action.name
    return run_on_each


def is_permitted(page: BaseAdmin, request: HttpRequest, row: Model, action: RowAction) -> bool:
    """Return whether the signed-in user may run the action on the row."""
    is_above = action.superuser_only and not request.user.is_superuser
    return not is_above and page.can_act_on(request, row)


def run_action(page: BaseAdmin, request: HttpRequest, row: Model, action: RowAction, note: str) -> None:
    """Run the action on the row, log it and show its success. Raises Forbidden, or the DomainError of the service."""
    if not is_permitted(page, request, row, action):
        raise Forbidden(NOT_PERMITTED)
    stored = {"note": note or None} if action.takes_note else {}
    action.service(row, by=page.get_actor(request, row), **stored)
    log_and_show(page, request, row, action.success, log=f"{action.success}: {note}" if note else "")
