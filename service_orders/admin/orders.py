"""Admin pages of service orders: the list, and the page on which one is decided."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.requests import staff_user
from accounts.search import has_phone
from core.admin.ages import age_of
from core.admin.badges import badge, humanize_status, status_badge
from core.admin.base import ReadOnlyAdmin
from core.admin.day_filters import DayFilter
from core.admin.filters import StatusFilter, worklist_filter
from core.admin.search import id_starts_with
from core.admin.transitions import TransitionAdmin, bulk_transitions
from core.errors import DomainError, Forbidden, Invalid, StaleObjectError
from events.admin import timeline
from events.queries import history_of
from exports.admin.exportable import ExportableAdmin
from service_orders.admin.decisions import NEEDS_NOTE, DecisionForm, errors_of
from service_orders.admin.export_columns import SERVICE_ORDER_COLUMNS
from service_orders.admin.filters import CreatorFilter, ServiceOrderTerritoryFilter
from service_orders.admin.insurance import InsuranceAdmin
from service_orders.admin.queue import QueueAdmin
from service_orders.admin.queue_filter import QueueFilter, queue_filter_of
from service_orders.models import ServiceOrder
from service_orders.policies import Member, member_of
from service_orders.services import change_service_order_status
from service_orders.tracking import canonical_tracking_id
from service_orders.workflow import ServiceOrderStatus as S
from service_orders.worklists import VERIFY

SHORTCUT_KEYS: dict[str, str] = {S.VERIFIED: "V", S.REJECTED: "R", S.COMPLETED: "C"}
"""Pressed together with Alt."""


class ServiceOrderPage(QueueAdmin, InsuranceAdmin, TransitionAdmin):
    """Render one order with its insurance data and the decisions open to the signed-in user."""

    change_form_template = "admin/service_orders/serviceorder/page.html"
    change_status = staticmethod(change_service_order_status)
    main_path, labels = S.main_path(), S.actions()
    needs_note = NEEDS_NOTE

    def get_actor(self, request: HttpRequest, row: Any = None) -> Member:
        """Return the user as a member of the order's territory, from which all rights come. Raises Forbidden."""
        return member_of(row.territory_id, super().get_actor(request))

    def transition_data(self, request: HttpRequest) -> dict[str, Any]:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            raise Invalid(errors_of(form))
        return {"verification_data": form.verification_data(verified_by=staff_user(request).get_short_name())}

    def visited_statuses(self, row: ServiceOrder) -> Collection[str]:
        return super().visited_statuses(row) or [S.PENDING_VERIFICATION]

    def response_done(self, request: HttpRequest, row: ServiceOrder, to: str) -> HttpResponse | None:
        queue_filter = queue_filter_of(request)
        if queue_filter is None:
            return super().response_done(request, row, to)
        return self.redirect_to_next(request, queue_filter, f"{humanize_status(to)} {row}.")

    def response_refused(self, request: HttpRequest, row: ServiceOrder, to: str, error: DomainError) -> HttpResponse:
        """Return the current page with what was typed; in the queue the next one, if this one no longer waits."""
        queue_filter, current = queue_filter_of(request), self.get_object(request, str(row.pk))
        is_stale = isinstance(error, StaleObjectError)
        if queue_filter and is_stale and current and current.status != S.PENDING_VERIFICATION:
            return self.redirect_to_next(request, queue_filter, _describe_change(current), messages.WARNING)
        form = DecisionForm(request.POST)
        if form.is_valid() or isinstance(error, Forbidden):
            messages.error(request, f"{row}: {error}")
        return self.render_page(request, row)

    def no_transition_reason(self, request: HttpRequest, row: ServiceOrder) -> str:
        name = row.territory.name
        if row.status in S.final():
            return f"{humanize_status(row.status)}: nothing more is to be done."
        if not self.can_act_on(request, row):
            return "You may look at service orders, but not change them."
        try:
            self.get_actor(request, row)
        except Forbidden:
            return f"You are not a member of {name}. Only its members decide there, whatever else you may do."
        return f"You work in {name} without the right to verify."

    def page_context(self, request: HttpRequest, row: ServiceOrder) -> dict[str, Any]:
        context = super().page_context(request, row) | {
            "title": str(row),
            "subtitle": None,
            "decision": DecisionForm(request.POST or None),  # with what was typed, if the decision was refused
            "timeline": timeline(self, row),
            "may_see_insurance": self.may_see_insurance(request, row),
        }
        if (queue_filter := queue_filter_of(request)) is not None:
            context |= {"queue_filter": queue_filter, "waiting": self.waiting_for(request, queue_filter).count()}
            context["skip_query_string"] = queue_filter.after_skipping(row).query_string
        return context

    def transition_button(self, request: HttpRequest, row: ServiceOrder, to: str) -> dict[str, Any]:
        return super().transition_button(request, row, to) | {"key": SHORTCUT_KEYS.get(to)}


def _describe_change(order: ServiceOrder) -> str:
    """Return who decided the order in the meantime, and how."""
    last = history_of(order.pk).last()
    name = last.changed_by if last and last.changed_by else "another user"
    return f"{order}: Changed meanwhile by {name}, it is {humanize_status(order.status).lower()}."


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
        *(("status", StatusFilter), ("priority", StatusFilter), ServiceOrderTerritoryFilter),
        *(("created_at", DayFilter), ("created_by", CreatorFilter), worklist_filter(VERIFY)),
    ]
    list_select_related = ["territory", "created_by"]
    export_columns = SERVICE_ORDER_COLUMNS
    list_per_page = 50
    search_fields = ["=patient_id", "=provider_id"]
    search_help_text = "Tracking id (as heard), id or its first 8 characters, patient, provider, phone of the creator"
    # A rejection needs a reason of its own, so it is not in the list but on the page of each order.
    actions = bulk_transitions(
        change_service_order_status, {to: label for to, label in S.actions().items() if to not in NEEDS_NOTE}
    )
    fieldsets = [(None, {"fields": ["tracking_id"]})]  # the template of the page renders the rest

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
        return format_html("{} <small>{}</small>", order.created_by.name or "-", order.created_by.phone)

    @admin.display(description="age", ordering="-created_at")
    def age(self, order: ServiceOrder) -> SafeString:
        return age_of(order.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("territory", "created_by").defer("insurance_encrypted")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        tracking_id = canonical_tracking_id(term)
        if tracking_id is not None:  # no need to search every row for a patient of that name
            return queryset.filter(Q(tracking_id=tracking_id) | id_starts_with(term)), False
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term) | has_phone(term, "created_by__phone")), duplicates

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = self.waiting_for(request, QueueFilter()).count()
        return super().changelist_view(request, {"waiting": waiting, **(extra_context or {})})
