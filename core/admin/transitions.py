"""Admin pages of models with a workflow: a diagram of the statuses, and a button for each available transition."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.dateparse import parse_datetime

from core.admin.actions import RowAction, bulk_action
from core.admin.badges import humanize_status, status_color
from core.admin.base import BaseAdmin
from core.admin.diagrams import diagram_of
from core.admin.notes import keep_note, pop_kept_note, read_note
from core.admin.views import object_post
from core.errors import DomainError, Forbidden, StaleObjectError
from core.state_machine import StateModel


class TransitionAdmin(BaseAdmin):
    """Render the workflow of a StateModel; the subclass declares `main_path`, `labels` and `change_status`."""

    change_form_template = "admin/transition_change_form.html"
    change_status: ClassVar[Callable[..., Any]]
    """The service: takes the row and `to`, `by`, `note`, `expected_updated_at`. Raises DomainError."""
    main_path: ClassVar[Sequence[str]]
    """The statuses of a row that meets no refusal, in their order."""
    labels: ClassVar[Mapping[str, str]] = {}
    """What the button to a status says: `{"ACCEPTED": "Accept"}`."""
    needs_note: ClassVar[Collection[str]] = ()
    """Statuses that a row does not get without a note."""

    def visited_statuses(self, row: Any) -> Collection[str]:
        """Return the statuses the row has had, for the diagram; by default those before its own on the main path."""
        return self.main_path[: list(self.main_path).index(row.status)] if row.status in self.main_path else ()

    def transition_effect(self, request: HttpRequest, row: Any, to: str) -> str:
        """Return what the transition does beyond the status, shown beside its button."""
        return ""

    def no_transition_reason(self, request: HttpRequest, row: Any) -> str:
        """Return the sentence to show if there are no buttons."""
        return ""

    def transition_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return further arguments of the service, read from the form. Raises DomainError."""
        return {}

    def get_transitions(self, request: HttpRequest, row: StateModel) -> list[str]:
        """Return the statuses that the signed-in user may give the row now: those of the main path first."""
        if not self.can_act_on(request, row):
            return []
        try:
            statuses = row.available_transitions(self.get_actor(request, row))
        except Forbidden:
            return []
        path = list(map(str, self.main_path))
        return sorted(statuses, key=lambda status: path.index(status) if status in path else len(path))

    def get_urls(self) -> list[URLPattern]:
        post = object_post(self, "<path:object_id>/transition/", self.transition_view, name="transition")
        return [post, *super().get_urls()]

    def transition_view(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        """Run the transition that the button names, if the row still is as the page showed it."""
        to, updated_at = request.POST.get("to", ""), parse_updated_at(request.POST.get("expected_updated_at", ""))
        try:
            note = read_note(request, is_needed=to in self.needs_note)
            self.run_transition(request, row, to=to, note=note, expected_updated_at=updated_at)
        except DomainError as error:
            return self.response_refused(request, row, to, error)
        return self.response_done(request, row, to)

    def run_transition(
        self, request: HttpRequest, row: Any, *, to: str, note: str, expected_updated_at: datetime
    ) -> None:
        """Change the status through the service, and log it. Raises DomainError."""
        by = self.get_actor(request, row)
        data = self.transition_data(request)
        change_status = type(self).change_status
        change_status(row, to=to, by=by, note=note or None, expected_updated_at=expected_updated_at, **data)
        self.log_change(request, row, humanize_status(to))

    def response_done(self, request: HttpRequest, row: Any, to: str) -> HttpResponse | None:
        """Return what follows a transition; None for the page of the row."""
        self.message_user(request, f"{row}: {humanize_status(to)}", messages.SUCCESS)
        return None

    def response_refused(self, request: HttpRequest, row: Any, to: str, error: DomainError) -> HttpResponse | None:
        """Return what follows a refused transition; None for the page of the row."""
        text, level = self.refusal_message(request, row, to, error)
        if level == messages.ERROR:
            keep_note(request, row)
        self.message_user(request, text, level)
        return None

    def refusal_message(self, request: HttpRequest, row: Any, to: str, error: DomainError) -> tuple[str, int]:
        """Return why the transition was refused, or that it was done already if the button was pressed twice."""
        if isinstance(error, StaleObjectError) and self._has_status(request, row, to):
            return f"{row}: {humanize_status(to)} already. It was done once.", messages.INFO
        return f"{row}: {error}", messages.ERROR

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        buttons = [self.transition_button(request, row, to) for to in self.get_transitions(request, row)]
        return super().page_context(request, row) | {
            "diagram": diagram_of(row, main_path=self.main_path, visited=self.visited_statuses(row)),
            "transitions": buttons,
            "note_needed_to": ", ".join(button["label"].lower() for button in buttons if button["needs_note"]),
            "no_transition_reason": "" if buttons else self.no_transition_reason(request, row),
            "expected_updated_at": row.updated_at.isoformat(),
            "kept_note": pop_kept_note(request, row),
        }

    def transition_button(self, request: HttpRequest, row: Any, to: str) -> dict[str, Any]:
        """Return what the template renders one button from."""
        return {
            "to": to,
            "label": self.labels.get(to, humanize_status(to)),
            "tone": status_color(to),
            "needs_note": to in self.needs_note,
            "effect": self.transition_effect(request, row, to),
        }

    def _has_status(self, request: HttpRequest, row: Any, status: str) -> bool:
        current = self.get_object(request, str(row.pk))
        return current is not None and current.status == status


def bulk_transitions(
    change_status: Callable[..., Any], labels: Mapping[str, str], *, needs_note: Collection[str] = ()
) -> list[Callable[..., None]]:
    """Return an action of the list for each status of `labels`: change the status of every chosen row."""
    return [
        bulk_action(
            RowAction(
                f"transition_to_{to}".lower(),
                label,
                partial(change_status, to=to),
                success=humanize_status(to),
                takes_note=True,
                needs_note=to in needs_note,
            )
        )
        for to, label in labels.items()
    ]


def parse_updated_at(text: str) -> datetime:
    """Return when the row was last saved as the page showed it; text that is no time counts as long ago."""
    try:
        return parse_datetime(text) or datetime.min
    except ValueError:
        return datetime.min
