"""Leases in the back office: to be found and read, signed from their order, staffed and ended, through the services."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actors import Actor
from accounts.admin_actions import act_on_each
from accounts.admin_moves import MovableAdmin
from accounts.admin_territories import TerritoryScopedAdmin
from core.admin import ReadOnlyAdmin, id_starts_with
from core.admin.badges import status_badge
from core.admin.filters import ComingDayFilter, DayFilter, StateFilter
from core.admin.worklists import worklist_filter
from core.days import format_date_range
from core.rupees import format_inr
from exports.admin.exportable import ExportableAdmin
from leases.admin.calendar import ShowsCalendar
from leases.admin.creation import CreatesLeases
from leases.admin.crew import AssignsOperators
from leases.admin.documents import HandsOutDocuments
from leases.admin.page import page_of
from leases.admin_columns import LEASE_COLUMNS
from leases.models import Lease
from leases.services import complete_lease, end_lease
from leases.workflow import LeaseStatus
from leases.worklists import ENDING, OVERDUE


@admin.register(Lease)
class LeaseAdmin(
    ExportableAdmin,
    TerritoryScopedAdmin,
    CreatesLeases,
    AssignsOperators,
    HandsOutDocuments,
    ShowsCalendar,
    MovableAdmin,
    ReadOnlyAdmin,
):
    pincode_path = "device__pincode"
    change_form_template = "admin/leases/lease/change_form.html"
    change_list_template = "admin/leases/lease/change_list.html"
    road, verbs = LeaseStatus.main_path(), LeaseStatus.actions()
    needs_note = [LeaseStatus.TERMINATED]

    list_display = ["short_id", "status_badge", "device", "vle", "days", "deposit", "signed_by", "created_at"]
    list_filter = [
        worklist_filter(ENDING, OVERDUE),
        ("status", StateFilter),
        ("end_date", ComingDayFilter),
        ("created_at", DayFilter),
    ]
    export_columns = LEASE_COLUMNS
    search_fields = ["vle__name", "vle__user__phone", "device__name"]
    search_help_text = "Id or its first 8 characters (#abc12345), VLE, phone, device"
    actions = [act_on_each("complete_lease", "Complete", lambda lease, by: complete_lease(lease, by=by), "COMPLETED")]

    status_badge = status_badge
    fieldsets = [(None, {"fields": ["id"]})]  # the page is its own template's

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lease]:
        related = ("order", "device__device_type", "device__manufacturer", "vle__user", "signed_by", "ended_by")
        return super().get_queryset(request).select_related(*related)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term)), duplicates

    def move(
        self, row: Lease, *, to: str, by: Actor, note: str, expected_updated_at: datetime | None, request: HttpRequest
    ) -> None:
        end_lease(row, to=to, by=by, note=note, expected_updated_at=expected_updated_at)

    def consequence(self, request: HttpRequest, row: Lease, to: str) -> str:
        if to == LeaseStatus.COMPLETED:
            return "The device came back as agreed. It can be leased anew."
        return "Ends the lease before its time, for ever. It can be leased anew."

    def why_no_moves(self, request: HttpRequest, row: Lease) -> str:
        return "This lease can be ended by those who may change leases." if row.is_active else "This lease has ended."

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        lease = context.get("original")
        if lease is not None:
            may_change = self.has_change_permission(request)
            context |= {"title": str(lease), "subtitle": None} | page_of(
                lease, may_change=may_change, reader=request.user
            )
        return super().render_change_form(request, context, *args, **options)

    @admin.display(description="days", ordering="start_date")
    def days(self, lease: Lease) -> str:
        return format_date_range(lease.start_date, lease.end_date)

    @admin.display(description="deposit", ordering="deposit_amount")
    def deposit(self, lease: Lease) -> str:
        return _money(lease.deposit_amount)


def _money(amount: Any) -> SafeString | str:
    return "-" if amount is None else format_html('<span class="money">{}</span>', format_inr(amount))
