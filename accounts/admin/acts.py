"""What staff do with one person: a button on the page, an action of the list, and a line in the log for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from accounts.actors import Actor, back_office_actor
from core.errors import DomainError, Forbidden

MAX_REASON = 200


@dataclass(frozen=True)
class Act:
    """One verb: what the button says, what it does, and on whose page it stands."""

    name: str
    label: str
    do: Callable[[Any, Actor], Any]
    done: str
    fits: Callable[[Any], bool] = lambda row: True
    tone: str = "quiet"
    for_superusers: bool = False


class ActsAdmin(admin.ModelAdmin):
    """Buttons on a page that post; the reason that was typed stands in the log."""

    change_form_template = "admin/people/change_form.html"
    acts: ClassVar[Sequence[Act]] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        act = path("<path:object_id>/act/", self.admin_site.admin_view(require_POST(self.act_view)), name=name)
        return [act, *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One press of a button."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        act = next((act for act in self.acts if act.name == request.POST.get("act")), None)
        if act is None or not self.may(request, row, act):
            raise PermissionDenied
        reason = request.POST.get("reason", "").strip()[:MAX_REASON]
        try:
            self._act(request, row, act, reason)
        except DomainError as refusal:
            self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )

    def may(self, request: HttpRequest, row: Any, act: Act) -> bool:
        is_above = act.for_superusers and not request.user.is_superuser  # type: ignore[union-attr]
        return not is_above and self.has_change_permission(request, row)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None:
            context["acts"] = [act for act in self.acts if self.may(request, row, act) and act.fits(row)]
            context["standing"] = self.standing(row)
        return super().render_change_form(request, context, *args, **options)

    def standing(self, row: Any) -> list[str]:
        """Badges above everything else."""
        return []

    def _act(self, request: HttpRequest, row: Any, act: Act, reason: str = "") -> None:
        act.do(row, back_office_actor(request.user))  # type: ignore[arg-type]
        self.log_change(request, row, f"{act.done}: {reason}" if reason else act.done)
        self.message_user(request, f"{row}: {act.done}")


def as_action(act: Act) -> Callable[..., None]:
    """The same for chosen rows of the list, with a report on each."""

    @admin.action(description=act.label, permissions=["change"])
    def action(self: ActsAdmin, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows:
            try:
                if not self.may(request, row, act):
                    raise Forbidden("you may not change this one")
                self._act(request, row, act)
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)

    action.__name__ = act.name
    return action
