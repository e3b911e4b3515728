"""The list of service orders, and the page on which one is decided."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.admin_actions import act_on_each
from accounts.admin_moves import MovableAdmin
from accounts.admin_search import has_phone
from accounts.admin_territories import TerritoryScopedAdmin
from core.admin import ReadOnlyAdmin, id_starts_with
from core.admin.ages import age_of
from core.admin.badges import badge, humanize_status, status_badge
from core.admin.filters import DayFilter, StateFilter
from core.admin.worklists import worklist_filter
from core.errors import DomainError, Forbidden, Invalid, StaleObjectError
from events.admin import timeline
from events.queries import history_of
from exports.admin.exportable import ExportableAdmin
from service_orders.admin.decisions import NEEDS_NOTE, DecisionForm, errors_of
from service_orders.admin.filters import CreatorFilter, ServiceOrderTerritoryFilter
from service_orders.admin.insurance import InsuranceAdmin, may_see_insurance
from service_orders.admin.line import Line, line_of
from service_orders.admin.queue import QueueAdmin
from service_orders.admin_columns import SERVICE_ORDER_COLUMNS
from service_orders.models import ServiceOrder
from service_orders.policies import Member, member_of
from service_orders.services import change_service_order_status
from service_orders.tracking import canonical_tracking_id
from service_orders.workflow import ServiceOrderStatus as S
from service_orders.worklists import VERIFY

KEYS = {S.VERIFIED: "V", S.REJECTED: "R", S.COMPLETED: "C"}
"""What is pressed with Alt."""


def mover(to: S) -> Callable[..., None]:
    def move(order: ServiceOrder, by: Actor) -> None:
        change_service_order_status(order, to=to, by=member_of(order.territory_id, by))

    return act_on_each(f"move_to_{to}", to.action, move, to)


class ServiceOrderPage(QueueAdmin, InsuranceAdmin, MovableAdmin):
    """One order: what is asked, where it stands, and what this member of staff may decide."""

    change_form_template = "admin/service_orders/serviceorder/page.html"
    road, verbs = S.main_path(), S.actions()
    needs_note = NEEDS_NOTE

    def mover(self, request: HttpRequest, row: ServiceOrder) -> Member:
        """Rights come with the membership of the order's territory, whatever else somebody may do."""
        return member_of(row.territory_id, self.actor(request))

    def move(
        self,
        row: ServiceOrder,
        *,
        to: str,
        by: Member,
        note: str,
        expected_updated_at: datetime | None,
        request: HttpRequest,
    ) -> None:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            raise Invalid(errors_of(form))
        data = form.verification_data(verified_by=request.user.get_short_name())
        change_service_order_status(
            row, to=to, by=by, note=note or None, verification_data=data, expected_updated_at=expected_updated_at
        )

    def visited(self, row: ServiceOrder) -> Collection[str]:
        return super().visited(row) or [S.PENDING_VERIFICATION]

    def answer_moved(self, request: HttpRequest, row: ServiceOrder, to: str) -> HttpResponse:
        line = line_of(request)
        if line is None:
            return super().answer_moved(request, row, to)
        return self.go_on(request, line, f"{humanize_status(to)} {row}.")

    def answer_refused(self, request: HttpRequest, row: ServiceOrder, to: str, refusal: DomainError) -> HttpResponse:
        """The page as it is now, with what was typed; in the queue the next one, if this one waits no longer."""
        line, now = line_of(request), self.get_object(request, str(row.pk))
        if line and isinstance(refusal, StaleObjectError) and now and now.status != S.PENDING_VERIFICATION:
            return self.go_on(request, line, _what_happened(now), messages.WARNING)
        form = DecisionForm(request.POST)
        if form.is_valid() or isinstance(refusal, Forbidden):
            messages.error(request, f"{row}: {refusal}")
        return self.page(request, row, decision=form)

    def why_no_moves(self, request: HttpRequest, row: ServiceOrder) -> str:
        name = row.territory.name
        if S(row.status).is_final:
            return f"{humanize_status(row.status)}: nothing more is to be done."
        if not self.may_move(request):
            return "You may look at service orders, but not change them."
        try:
            self.mover(request, row)
        except Forbidden:
            return f"You do not work in {name}. Only its members decide there, whatever else somebody may do."
        return f"You work in {name} without the right to verify."

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        order = context["original"]
        context.setdefault("decision", DecisionForm())
        context |= {"title": str(order), "subtitle": None}
        context["timeline"] = timeline(self, order)
        context["may_see_insurance"] = may_see_insurance(request.user, order)
        if (line := line_of(request)) is not None:
            context |= {"line": line, "waiting": self.waiting_for(request, line).count()}
            context["skip"] = line.after_skipping(order).address
        return super().render_change_form(request, context, *args, **options)

    def _button(self, request: HttpRequest, row: ServiceOrder, state: str) -> dict[str, Any]:
        return super()._button(request, row, state) | {"key": KEYS.get(state)}  # type: ignore[call-overload]


def _what_happened(order: ServiceOrder) -> str:
    """Said to whoever came too late."""
    last = history_of(order.pk).last()
    who = last.changed_by if last and last.changed_by else "somebody else"
    return f"{order}: Changed meanwhile by {who}, it is {humanize_status(order.status).lower()}."


@admin.register(ServiceOrder)
class ServiceOrderAdmin(ExportableAdmin, TerritoryScopedAdmin, ServiceOrderPage, ReadOnlyAdmin):
    territory_path = "territory"
    change_list_template = "admin/service_orders/serviceorder/list.html"
    status_badge = status_badge
    list_display = [
        "tracking_id",
        "status_badge",
        "priority_badge",
        "territory",
        "service",
        "patient",
        "creator",
        "age",
    ]
    list_filter = [
        *(("status", StateFilter), ("priority", StateFilter), ServiceOrderTerritoryFilter),
        *(("created_at", DayFilter), ("created_by", CreatorFilter), worklist_filter(VERIFY)),
    ]
    list_select_related = ["territory", "created_by"]
    export_columns = SERVICE_ORDER_COLUMNS
    list_per_page = 50
    search_fields = ["=patient_id", "=provider_id"]
    search_help_text = "Tracking id (as heard), id or its first 8 characters, patient, provider, phone of the creator"
    # To reject needs a reason for each: that is done on its page.
    actions = [mover(to) for to in S if to.action and to not in NEEDS_NOTE]
    fieldsets = [(None, {"fields": ["tracking_id"]})]  # the page draws the rest itself

    @admin.display(description="priority", ordering="priority")
    def priority_badge(self, order: ServiceOrder) -> SafeString:
        return badge(order.priority)

    @admin.display(description="service", ordering="service_type")
    def service(self, order: ServiceOrder) -> str:
        return order.service_type

    @admin.display(description="patient, provider", ordering="patient_id")
    def patient(self, order: ServiceOrder) -> SafeString:
        return format_html("{} <small>{}</small>", order.patient_id, order.provider_id)

    @admin.display(description="placed by", ordering="created_by__name")
    def creator(self, order: ServiceOrder) -> SafeString:
        who = order.created_by
        return format_html("{} <small>{}</small>", who.name or "-", who.phone)

    @admin.display(description="age", ordering="-created_at")
    def age(self, order: ServiceOrder) -> SafeString:
        return age_of(order.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("territory", "created_by").defer("insurance_encrypted")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        called_so = canonical_tracking_id(term)
        if called_so is not None:  # no need to read every row for a patient of that name
            return queryset.filter(Q(tracking_id=called_so) | id_starts_with(term)), False
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term) | has_phone(term, "created_by__phone")), duplicates

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = self.waiting_for(request, Line()).count()
        return super().changelist_view(request, {"waiting": waiting, **(extra_context or {})})
