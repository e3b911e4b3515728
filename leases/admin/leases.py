"""Admin pages of leases: search, details, creation, operators, documents and transitions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.phone_search import PhoneSearchMixin
from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.requests import staff_user
from core.admin.badges import status_badge
from core.admin.base import ReadOnlyAdmin
from core.admin.day_filters import ComingDayFilter, DayFilter
from core.admin.filters import StatusFilter, worklist_filter
from core.admin.search import id_starts_with
from core.admin.transitions import TransitionAdmin, bulk_transitions
from core.days import format_date_range
from core.rupees import format_inr
from exports.admin.exportable import ExportableAdmin
from leases.admin.calendar import CalendarAdmin
from leases.admin.creation import LeaseCreationAdmin
from leases.admin.documents import DocumentsAdmin
from leases.admin.export_columns import LEASE_COLUMNS
from leases.admin.operators import OperatorsAdmin
from leases.admin.page import lease_context
from leases.models import Lease
from leases.services import end_lease
from leases.workflow import LeaseStatus
from leases.worklists import ENDING, OVERDUE


@admin.register(Lease)
class LeaseAdmin(
    PhoneSearchMixin,
    ExportableAdmin,
    TerritoryScopedAdmin,
    LeaseCreationAdmin,
    OperatorsAdmin,
    DocumentsAdmin,
    CalendarAdmin,
    TransitionAdmin,
    ReadOnlyAdmin,
):
    pincode_path = "device__pincode"
    change_form_template = "admin/leases/lease/change_form.html"
    change_list_template = "admin/leases/lease/change_list.html"
    change_status = staticmethod(end_lease)
    main_path, labels = LeaseStatus.main_path(), LeaseStatus.actions()
    needs_note = [LeaseStatus.TERMINATED]

    list_display = ["short_id", "status_badge", "device", "vle", "days", "deposit", "signed_by", "created_at"]
    list_filter = [
        worklist_filter(ENDING, OVERDUE),
        ("status", StatusFilter),
        ("end_date", ComingDayFilter),
        ("created_at", DayFilter),
    ]
    export_columns = LEASE_COLUMNS
    search_fields = ["vle__name", "vle__user__phone", "device__name"]
    phone_path = "vle__user__phone"
    search_help_text = "Id or its first 8 characters (#abc12345), VLE, phone, device"
    actions = bulk_transitions(end_lease, {LeaseStatus.COMPLETED: LeaseStatus.COMPLETED.action})

    status_badge = status_badge
    fieldsets = [(None, {"fields": ["id"]})]  # the page is its own template's

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lease]:
        related = ("order", "device__device_type", "device__manufacturer", "vle__user", "signed_by", "ended_by")
        return super().get_queryset(request).select_related(*related)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term)), duplicates

    def transition_effect(self, request: HttpRequest, row: Lease, to: str) -> str:
        if to == LeaseStatus.COMPLETED:
            return "The device came back as agreed. It can be leased again."
        return "Ends the lease before its time, for ever. It can be leased again."

    def no_transition_reason(self, request: HttpRequest, row: Lease) -> str:
        return "This lease can be ended by those who may change leases." if row.is_active else "This lease has ended."

    def page_context(self, request: HttpRequest, row: Lease) -> dict[str, Any]:
        context = super().page_context(request, row) | {"title": str(row), "subtitle": None}
        return context | lease_context(row, may_change=self.can_act_on(request, row), user=staff_user(request))

    @admin.display(description="days", ordering="start_date")
    def days(self, lease: Lease) -> str:
        return format_date_range(lease.start_date, lease.end_date)

    @admin.display(description="deposit", ordering="deposit_amount")
    def deposit(self, lease: Lease) -> str:
        return _money(lease.deposit_amount)


def _money(amount: Any) -> SafeString | str:
    return "-" if amount is None else format_html('<span class="money">{}</span>', format_inr(amount))
