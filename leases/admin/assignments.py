"""Admin pages of operator assignments: who operates which device, until when, with which training."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from accounts.admin.phone_search import PhoneSearchMixin
from accounts.admin.territory_scope import TerritoryScopedAdmin
from core.admin.badges import label
from core.admin.base import ReadOnlyAdmin
from core.admin.filters import StatusFilter, condition_filter
from core.admin.links import change_url_by_id, link
from core.admin.search import id_starts_with
from leases.models import LeaseOperator
from leases.training import trained_until, training_until
from leases.workflow import LeaseStatus

EXPIRY_NOTICE = timedelta(days=30)
CURRENT = Q(released_at=None, lease__status=LeaseStatus.ACTIVE)


def _ends_before_the_lease() -> Q:
    return Q(trained_until__gte=localdate(), trained_until__lt=F("lease__end_date"))


CurrentFilter = condition_filter(
    "assigned", "assigned", {"now": ("Now", lambda: CURRENT), "past": ("In the past", lambda: ~CURRENT)}
)
TrainingFilter = condition_filter(
    "training for the device",
    "training",
    {
        "soon": ("Ends in 30 days", lambda: Q(trained_until__range=(localdate(), localdate() + EXPIRY_NOTICE))),
        "before": ("Ends before the lease", _ends_before_the_lease),
        "expired": ("Expired", lambda: Q(trained_until__lt=localdate())),
        "none": ("None", lambda: Q(trained_until=None)),
    },
)


@admin.register(LeaseOperator)
class LeaseOperatorAdmin(PhoneSearchMixin, TerritoryScopedAdmin, ReadOnlyAdmin):
    """List assignments with links to their leases, on whose pages operators are assigned."""

    pincode_path = "lease__device__pincode"
    list_display = ["operator_link", "phone", "role", "lease_link", "device", "vle", "since", "until", "training"]
    list_display_links = None
    list_filter = [CurrentFilter, TrainingFilter, ("role", StatusFilter)]
    list_per_page = 50
    search_fields = ["operator__name", "operator__user__phone", "lease__device__name", "lease__vle__name"]
    phone_path = "operator__user__phone"
    search_help_text = "Operator, phone, device, VLE, id of the lease (#abc12345)"
    ordering = ["-assigned_at", "-pk"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeaseOperator]:
        rows = super().get_queryset(request).select_related("operator__user", "lease__device", "lease__vle")
        return rows.annotate(trained_until=trained_until("operator_id", OuterRef("lease__device__device_type_id")))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term, field="lease_id")), duplicates

    @admin.display(description="operator", ordering="operator__name")
    def operator_link(self, row: LeaseOperator) -> SafeString:
        return link(row.operator, change_url_by_id("accounts.Operator", row.operator_id))

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
        return date_format(localdate(row.assigned_at))

    @admin.display(description="until", ordering="lease__end_date")
    def until(self, row: LeaseOperator) -> str:
        if row.released_at is not None:
            return f"{date_format(localdate(row.released_at))}, replaced"
        if row.lease.ended_at is not None:
            return f"{date_format(localdate(row.lease.ended_at))}, lease ended"
        return date_format(row.lease.end_date)

    @admin.display(description="training", ordering="trained_until")
    def training(self, row: Any) -> SafeString:
        needed_until = row.lease.end_date if row.lease.is_active else None
        training = training_until(row.trained_until, needed_until=needed_until)
        return label(training.label, training.tone)

    @admin.display(description="lease", ordering="lease__created_at")
    def lease_link(self, row: LeaseOperator) -> SafeString:
        return link(f"#{row.lease.short_id}", change_url_by_id("leases.Lease", row.lease_id))
