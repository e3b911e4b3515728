"""Who drives what, from when until when, and with which training."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin_territories import TerritoryScopedAdmin
from core.admin import ReadOnlyAdmin, id_starts_with
from core.admin.filters import StateFilter
from leases.models import LeaseOperator
from leases.training import trained_until, training_until
from leases.workflow import LeaseStatus

EXPIRING = timedelta(days=30)
NOW = Q(released_at=None, lease__status=LeaseStatus.ACTIVE)


class DrivingFilter(admin.SimpleListFilter):
    """Those who drive now, unless asked for the past."""

    title = "drives"
    parameter_name = "drives"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "Now"), ("past", "In the past")]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return {"now": rows.filter(NOW), "past": rows.exclude(NOW)}.get(self.value() or "", rows)


class TrainingFilter(admin.SimpleListFilter):
    title = "training for the device"
    parameter_name = "training"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("soon", "Ends in 30 days"),
            ("before", "Ends before the lease"),
            ("expired", "Expired"),
            ("none", "None"),
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        today = timezone.localdate()
        choices = {
            "soon": Q(trained_until__range=(today, today + EXPIRING)),
            "before": Q(trained_until__gte=today, trained_until__lt=F("lease__end_date")),
            "expired": Q(trained_until__lt=today),
            "none": Q(trained_until=None),
        }
        return rows.filter(choices[self.value()]) if self.value() in choices else rows


@admin.register(LeaseOperator)
class LeaseOperatorAdmin(TerritoryScopedAdmin, ReadOnlyAdmin):
    """The list leads to the leases; on them operators are assigned."""

    pincode_path = "lease__device__pincode"
    list_display = ["operator_link", "phone", "role", "lease_link", "device", "vle", "since", "until", "training"]
    list_display_links = None
    list_filter = [DrivingFilter, TrainingFilter, ("role", StateFilter)]
    list_per_page = 50
    search_fields = ["operator__name", "operator__user__phone", "lease__device__name", "lease__vle__name"]
    search_help_text = "Operator, phone, device, VLE, id of the lease (#abc12345)"
    ordering = ["-assigned_at", "-pk"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeaseOperator]:
        rows = super().get_queryset(request).select_related("operator__user", "lease__device", "lease__vle")
        return rows.annotate(trained_until=trained_until("operator_id", OuterRef("lease__device__device_type_id")))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term, field="lease_id")), duplicates

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Who drives what"} | (extra_context or {}))

    @admin.display(description="operator", ordering="operator__name")
    def operator_link(self, row: LeaseOperator) -> SafeString:
        page = reverse("admin:accounts_operator_change", args=[row.operator_id])
        return format_html('<a href="{}">{}</a>', page, row.operator)

    @admin.display(description="phone")
    def phone(self, row: LeaseOperator) -> str:
        return row.operator.user.phone

    @admin.display(description="device", ordering="lease__device__name")
    def device(self, row: LeaseOperator) -> str:
        return row.lease.device.name

    @admin.display(description="VLE", ordering="lease__vle__name")
    def vle(self, row: LeaseOperator) -> str:
        return str(row.lease.vle)

    @admin.display(description="since", ordering="assigned_at")
    def since(self, row: LeaseOperator) -> str:
        return date_format(timezone.localdate(row.assigned_at))

    @admin.display(description="until", ordering="lease__end_date")
    def until(self, row: LeaseOperator) -> str:
        if row.released_at is not None:
            return f"{date_format(timezone.localdate(row.released_at))}, replaced"
        if row.lease.ended_at is not None:
            return f"{date_format(timezone.localdate(row.lease.ended_at))}, lease ended"
        return date_format(row.lease.end_date)

    @admin.display(description="training", ordering="trained_until")
    def training(self, row: LeaseOperator) -> SafeString:
        needed_until = row.lease.end_date if row.lease.is_active else None
        training = training_until(row.trained_until, needed_until=needed_until)
        return format_html('<span class="badge" data-tone="{}">{}</span>', training.tone, training.label)

    @admin.display(description="lease", ordering="lease__created_at")
    def lease_link(self, row: LeaseOperator) -> SafeString:
        return format_html(
            '<a href="{}">#{}</a>', reverse("admin:leases_lease_change", args=[row.lease_id]), row.lease.short_id
        )
