"""One transition for many selected orders: previewed together, run one by one, reported per order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from core.admin.badges import humanize_status
from core.admin.links import changelist_url, return_url
from core.admin.notes import read_note
from core.admin.transitions import TransitionAdmin, parse_updated_at
from core.admin.views import guarded_view
from core.database import uuid_of
from core.errors import DomainError
from orders.admin.conflicts import blocking_reason, with_conflict
from orders.models import Order
from orders.queries import OrderQuerySet

MAX_ORDERS = 100
TOO_MANY = f"Choose at most {MAX_ORDERS} orders at once"
NONE_SELECTED = "Choose the orders first"


@dataclass(frozen=True)
class Selection:
    """Hold a selected order, and when it was last saved as the list or the preview showed it."""

    order: Order
    updated_at: datetime

    @property
    def token(self) -> str:
        """Return what the form of the preview sends back for the order."""
        return f"{self.order.pk} {self.updated_at.isoformat()}"


def preview_action(to: str, label: str) -> Callable[..., Any]:
    """Return an action of the list that renders the preview of a transition."""

    @admin.action(description=f"{label} the chosen orders", permissions=["change"])
    def action(self: "BulkTransitionAdmin", request: HttpRequest, rows: QuerySet[Order]) -> HttpResponse | None:
        orders = with_conflict(cast(OrderQuerySet, rows))[: MAX_ORDERS + 1]
        selections = [Selection(order, order.updated_at) for order in orders]
        if len(selections) > MAX_ORDERS:
            self.message_user(request, TOO_MANY, messages.ERROR)
            return None
        return self.preview(request, selections, to, url=request.get_full_path())

    action.__name__ = f"transition_to_{to}".lower()
    return action


class BulkTransitionAdmin(TransitionAdmin):
    """Add the preview of a transition of many orders, and the POST that runs it."""

    def get_urls(self) -> list[URLPattern]:
        view, permission = require_POST(self.bulk_transition_view), self.has_change_permission
        name = "orders_order_bulk_transition"
        return [guarded_view(self, "bulk-transition/", view, name=name, permission=permission), *super().get_urls()]

    def preview(
        self, request: HttpRequest, selections: list[Selection], to: str, *, url: str, error: str = ""
    ) -> TemplateResponse:
        """Render what would happen to each order; `url` is the list to return to."""
        actor = self.get_actor(request)
        rows = [(selection, blocking_reason(selection.order, to, by=actor)) for selection in selections]
        noun = "order" if len(selections) == 1 else "orders"
        context = self.admin_site.each_context(request) | {
            "title": f"{self.labels[to]} {len(selections)} {noun}?",
            "opts": self.opts,
            "to": to,
            "label": self.labels[to],
            "needs_note": to in self.needs_note,
            "note": request.POST.get("note", ""),
            "rows": rows,
            "possible": sum(not reason for _, reason in rows),
            "return_url": url,
            "error": error,
        }
        return TemplateResponse(request, "admin/orders/order/bulk_transition.html", context)

    def bulk_transition_view(self, request: HttpRequest) -> HttpResponse:
        """Run the transition of each selected order; a refusal of one does not affect the others."""
        to, url = request.POST.get("to", ""), return_url(request, changelist_url(Order))
        if to not in self.labels:
            raise Http404
        selections = self._read_selections(request)
        if not 0 < len(selections) <= MAX_ORDERS:
            self.message_user(request, TOO_MANY if selections else NONE_SELECTED, messages.ERROR)
            return HttpResponseRedirect(url)
        try:
            note = read_note(request, is_needed=to in self.needs_note)
        except DomainError as error:
            return self.preview(request, selections, to, url=url, error=str(error))
        self._run_each(request, selections, to, note)
        return HttpResponseRedirect(url)

    def _run_each(self, request: HttpRequest, selections: list[Selection], to: str, note: str) -> None:
        done: list[Order] = []
        refusals: list[tuple[str, int]] = []
        for selection in selections:
            order, updated_at = selection.order, selection.updated_at
            try:
                self.run_transition(request, order, to=to, note=note, expected_updated_at=updated_at)
                done.append(order)
            except DomainError as error:
                refusals.append(self.refusal_message(request, order, to, error))
        if done:
            self.message_user(request, f"{humanize_status(to)}: {_listed(done)}", messages.SUCCESS)
        for text, level in refusals:
            self.message_user(request, text, level)

    def _read_selections(self, request: HttpRequest) -> list[Selection]:
        tokens = request.POST.getlist("selection")[: MAX_ORDERS + 1]
        times = dict(filter(None, map(_parse_token, tokens)))
        rows = with_conflict(cast(OrderQuerySet, self.get_queryset(request)))
        orders = rows.select_related("device", "requester", "handler_vle").in_bulk(times)
        return [Selection(orders[key], updated_at) for key, updated_at in times.items() if key in orders]


def _parse_token(token: str) -> tuple[UUID, datetime] | None:
    key, _, updated_at = token.partition(" ")
    order_id = uuid_of(key)
    return None if order_id is None else (order_id, parse_updated_at(updated_at))


def _listed(orders: Iterable[Order]) -> str:
    names = [f"#{order.short_id}" for order in orders]
    return f"{len(names)} {'order' if len(names) == 1 else 'orders'} ({', '.join(names)})"
