"""One step for many chosen orders: looked at together, taken each for itself, reported row by row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.admin_moves import MovableAdmin
from core.admin.badges import humanize_status
from core.database import uuid_of
from core.errors import DomainError, StaleObjectError
from orders.admin.obstacles import obstacle_to, with_rival
from orders.models import Order

MOST = 100
TOO_MANY = f"Choose at most {MOST} orders at once"
NOBODY = "Choose the orders first"


@dataclass(frozen=True)
class Chosen:
    """An order as whoever chose it saw it."""

    order: Order
    seen: datetime

    @property
    def mark(self) -> str:
        return f"{self.order.pk} {self.seen.isoformat()}"


def step_for_many(to: str, verb: str) -> Callable[..., Any]:
    """An action of the list that leads to a look at what was chosen, and to the button."""

    @admin.action(description=f"{verb} the chosen orders", permissions=["change"])
    def action(self: "MovesInBulk", request: HttpRequest, rows: QuerySet[Order]) -> HttpResponse | None:
        chosen = [Chosen(order, order.updated_at) for order in with_rival(rows)[: MOST + 1]]
        if len(chosen) > MOST:
            self.message_user(request, TOO_MANY, messages.ERROR)
            return None
        return self.look(request, chosen, to, back=request.get_full_path())

    action.__name__ = f"move_to_{to.lower()}"
    return action


class MovesInBulk(MovableAdmin):
    """The page between choosing and doing, and the doing."""

    def get_urls(self) -> list[URLPattern]:
        move_many = self.admin_site.admin_view(require_POST(self.move_many))
        return [path("move-many/", move_many, name="orders_order_move_many"), *super().get_urls()]

    def look(
        self, request: HttpRequest, chosen: list[Chosen], to: str, *, back: str, error: str = ""
    ) -> TemplateResponse:
        """What is about to happen to each; nothing has happened yet."""
        actor = self.actor(request)
        rows = [(each, obstacle_to(each.order, to, by=actor)) for each in chosen]
        context = self.admin_site.each_context(request) | {
            "title": f"{self.verbs[to]} {len(chosen)} {'order' if len(chosen) == 1 else 'orders'}?",
            "opts": self.opts,
            "to": to,
            "verb": self.verbs[to],
            "needs_note": to in self.needs_note,
            "note": request.POST.get("note", ""),
            "rows": rows,
            "possible": sum(not obstacle for _, obstacle in rows),
            "back": back,
            "error": error,
        }
        return TemplateResponse(request, "admin/orders/order/move_many.html", context)

    def move_many(self, request: HttpRequest) -> HttpResponse:
        """The step for each that was chosen: whatever becomes of one changes nothing for the others."""
        if not self.may_move(request):
            raise PermissionDenied
        to, note, back = request.POST.get("to", ""), request.POST.get("note", "").strip(), _way_back(request)
        if to not in self.verbs:
            raise Http404
        chosen = self._chosen(request)
        if not 0 < len(chosen) <= MOST:
            self.message_user(request, TOO_MANY if chosen else NOBODY, messages.ERROR)
            return HttpResponseRedirect(back)
        try:
            self._check_note(to, note)
        except DomainError as refusal:
            return self.look(request, chosen, to, back=back, error=str(refusal))
        self._report(request, to, [(each, self._move_one(request, each, to, note)) for each in chosen])
        return HttpResponseRedirect(back)

    def _move_one(self, request: HttpRequest, each: Chosen, to: str, note: str) -> DomainError | None:
        try:
            self.move(
                each.order,
                to=to,
                by=self.mover(request, each.order),
                note=note,
                expected_updated_at=each.seen,
                request=request,
            )
        except DomainError as refusal:
            return refusal
        self.log_change(request, each.order, humanize_status(to))
        return None

    def _report(self, request: HttpRequest, to: str, outcomes: list[tuple[Chosen, DomainError | None]]) -> None:
        done = [each.order for each, refusal in outcomes if refusal is None]
        if done:
            self.message_user(request, f"{humanize_status(to)}: {_named(done)}", messages.SUCCESS)
        for each, refusal in outcomes:
            if isinstance(refusal, StaleObjectError) and self.is_done(request, each.order, to):
                self.message_user(
                    request, f"{each.order}: {humanize_status(to)} already. It was done once.", messages.INFO
                )
            elif refusal is not None:
                self.message_user(request, f"{each.order}: {refusal}", messages.ERROR)

    def _chosen(self, request: HttpRequest) -> list[Chosen]:
        marks = dict(filter(None, map(_read_mark, request.POST.getlist("chosen")[: MOST + 1])))
        orders = with_rival(self.get_queryset(request)).select_related(*self.list_select_related).in_bulk(marks)
        return [Chosen(orders[key], seen) for key, seen in marks.items() if key in orders]


def _read_mark(mark: str) -> tuple[UUID, datetime] | None:
    key, _, seen = mark.partition(" ")
    try:
        moment = parse_datetime(seen)
    except ValueError:
        moment = None
    identifier = uuid_of(key)
    return None if identifier is None else (identifier, moment or datetime.min)


def _named(orders: Iterable[Order]) -> str:
    names = [f"#{order.short_id}" for order in orders]
    return f"{len(names)} {'order' if len(names) == 1 else 'orders'} ({', '.join(names)})"


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    # Only to a list of ours: what a form brings could lead anywhere.
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("admin:orders_order_changelist")
