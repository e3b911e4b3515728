"""Pages of things that live along arrows: a picture of where one is, and a button for every step that is open."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from accounts.actors import Actor, back_office_actor
from core.admin.badges import humanize_status, status_color
from core.admin.diagrams import diagram_of
from core.errors import DomainError, Forbidden, StaleObjectError
from core.notes import MAX_NOTE
from core.state_machine import StateModel

KEPT_NOTE = "note_of_a_refused_step"
"""Where the session keeps what was typed, until the page has shown it again."""


class MovableAdmin(admin.ModelAdmin):
    """For models with a workflow; the subclass says `road`, `verbs` and how to `move`."""

    change_form_template = "admin/movable_change_form.html"
    road: ClassVar[Sequence[str]]
    """The states a row goes through when all goes well."""
    verbs: ClassVar[dict[str, str]] = {}
    """What the button to a state says: `{"ACCEPTED": "Accept"}`."""
    needs_note: ClassVar[Collection[str]] = ()
    """States that nobody brings a row to without saying why."""

    def move(
        self, row: Any, *, to: str, by: Any, note: str, expected_updated_at: datetime | None, request: HttpRequest
    ) -> None:
        """Take the one step, through the service. Raises DomainError."""
        raise NotImplementedError

    def mover(self, request: HttpRequest, row: Any) -> Any:
        """Whoever asks the policies: the `Actor`, or what stands for it. Raises Forbidden."""
        return self.actor(request)

    def actor(self, request: HttpRequest) -> Actor:
        return back_office_actor(request.user)  # type: ignore[arg-type]

    def visited(self, row: Any) -> Collection[str]:
        """The states the row has been in, for the picture; by default those before its own on the road."""
        return self.road[: list(self.road).index(row.status)] if row.status in self.road else ()

    def consequence(self, request: HttpRequest, row: Any, to: str) -> str:
        """What a step does beyond the state, said beside its button: who is told, what becomes final."""
        return ""

    def why_no_moves(self, request: HttpRequest, row: Any) -> str:
        """A sentence in the place of the buttons, where there are none."""
        return ""

    def open_moves(self, request: HttpRequest, row: StateModel) -> list[str]:
        """The states that this member of staff may move the row to now."""
        if not self.may_move(request):
            return []
        try:
            return row.available_transitions(self.mover(request, row))
        except Forbidden:
            return []

    def may_move(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        move = path("<path:object_id>/move/", self.admin_site.admin_view(require_POST(self.move_view)), name=name)
        return [move, *super().get_urls()]

    def move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One press of a button: the step with its note, if the row still is as the page showed it."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.may_move(request):
            raise PermissionDenied
        note, to = request.POST.get("note", "").strip(), request.POST.get("to", "")
        try:
            self._check_note(to, note)
            self.move(
                row, to=to, by=self.mover(request, row), note=note, expected_updated_at=_seen(request), request=request
            )
        except DomainError as refusal:
            return self.answer_refused(request, row, to, refusal)
        self.log_change(request, row, humanize_status(to))
        return self.answer_moved(request, row, to)

    def answer_moved(self, request: HttpRequest, row: Any, to: str) -> HttpResponse:
        """What is shown after the step."""
        self.message_user(request, f"{row}: {humanize_status(to)}", messages.SUCCESS)
        return self._back_to(row)

    def answer_refused(self, request: HttpRequest, row: Any, to: str, refusal: DomainError) -> HttpResponse:
        """What is shown instead of the step."""
        self._say_no(request, row, to, refusal)
        return self._back_to(row)

    def _back_to(self, row: Any) -> HttpResponse:
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(page, args=[row.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            context |= self.moves_context(request, row)
        return super().render_change_form(request, context, *args, **options)

    def moves_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the picture and the buttons of the page are made of."""
        # Onwards before aside, whatever order the arrows are declared in.
        states = sorted(self.open_moves(request, row), key=lambda state: (state not in self.road, *self._place(state)))
        moves = [self._button(request, row, state) for state in states]
        return {
            "diagram": diagram_of(row, road=self.road, visited=self.visited(row)),
            "moves": moves,
            "note_needed_to": ", ".join(move["verb"].lower() for move in moves if move["needs_note"]),
            "no_moves": "" if moves else self.why_no_moves(request, row),
            "shown_at": row.updated_at.isoformat(),
            "kept_note": self._kept_note(request, row),
        }

    def _place(self, state: str) -> list[int]:
        return [list(self.road).index(state)] if state in self.road else []

    def _button(self, request: HttpRequest, row: Any, state: str) -> dict[str, Any]:
        return {
            "to": state,
            "verb": self.verbs.get(state, humanize_status(state)),
            "tone": status_color(state),
            "needs_note": state in self.needs_note,
            "consequence": self.consequence(request, row, state),
        }

    def _say_no(self, request: HttpRequest, row: Any, to: str, refusal: DomainError) -> None:
        if isinstance(refusal, StaleObjectError) and self.is_done(request, row, to):
            # A button that was pressed twice, or by two people for the same end.
            self.message_user(request, f"{row}: {humanize_status(to)} already. It was done once.", messages.INFO)
            return
        request.session[KEPT_NOTE] = {"of": str(row.pk), "note": request.POST.get("note", "")[: MAX_NOTE * 2]}
        self.message_user(request, f"{row}: {refusal}", messages.ERROR)

    def is_done(self, request: HttpRequest, row: Any, to: str) -> bool:
        """Whether the row is where a step would have brought it, as it stands now."""
        now = self.get_object(request, str(row.pk))
        return now is not None and now.status == to

    def _kept_note(self, request: HttpRequest, row: Any) -> str:
        kept = request.session.get(KEPT_NOTE, {})
        if kept.get("of") != str(row.pk):
            return ""
        del request.session[KEPT_NOTE]
        return kept["note"]

    def _check_note(self, to: str, note: str) -> None:
        if to in self.needs_note and not note:
            raise DomainError("Say why, in the note")
        if len(note) > MAX_NOTE:
            raise DomainError(f"A note has at most {MAX_NOTE} characters")
        if "\0" in note:  # which PostgreSQL cannot keep
            raise DomainError("A note is text")


def _seen(request: HttpRequest) -> datetime | None:
    """When the row was last written, as the page showed it; what is no time counts as long ago, and is refused."""
    try:
        return parse_datetime(request.POST.get("seen", "")) or datetime.min
    except ValueError:
        return datetime.min
