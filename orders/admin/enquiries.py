"""Admin pages of enquiries: the interest that people declare in a device before they order."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.search import has_phone
from core.admin.base import ReadOnlyAdmin
from core.admin.day_filters import DayFilter
from core.admin.links import link_to
from core.admin.search import id_starts_with
from orders.models import Intent


@admin.register(Intent)
class IntentAdmin(TerritoryScopedAdmin, ReadOnlyAdmin):
    pincode_path = "device__pincode"
    list_display = ["id", "kind", "device", "user", "order", "created_at", "expires_at"]
    list_filter = ["kind", ("created_at", DayFilter)]
    list_select_related = ["device", "user", "order"]
    search_fields = ["user__name", "device__name"]
    search_help_text = "Id, phone, name or device"
    show_facets = admin.ShowFacets.NEVER

    device_link = link_to("device")
    user_link = link_to("user")
    order_link = link_to("order")
    fieldsets = [
        (None, {"fields": ["id", "kind", "device_link", "user_link", "order_link"]}),
        (None, {"fields": ["requested_hours", "requested_acres", "created_at", "expires_at"]}),
    ]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term) | has_phone(term, "user__phone")), duplicates
