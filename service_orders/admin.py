"""Service orders in the back office: to be found, read, and moved by those who may verify in their territory."""

from collections.abc import Callable
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from accounts.actors import Actor
from accounts.admin_actions import act_on_each
from core.admin import ReadOnlyAdmin, id_starts_with, link_to
from core.admin.needs import needs_filter
from events.admin import timeline
from service_orders.models import ServiceOrder
from service_orders.needs import VERIFY
from service_orders.policies import member_of
from service_orders.services import move_service_order
from service_orders.tracking import canonical_tracking_id
from service_orders.workflow import ServiceOrderStatus


def mover(to: ServiceOrderStatus) -> Callable[..., None]:
    def move(order: ServiceOrder, by: Actor) -> None:
        move_service_order(order, to=to, by=member_of(order.territory_id, by))

    return act_on_each(f"move_to_{to}", f"Move to {to}", move, to)


@admin.register(ServiceOrder)
class ServiceOrderAdmin(ReadOnlyAdmin):
    list_display = ["tracking_id", "status", "priority", "territory", "service_type", "created_by", "created_at"]
    list_filter = [needs_filter(VERIFY), "status", "priority", "territory", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["territory", "created_by"]
    search_fields = ["=patient_id", "=provider_id", "created_by__phone"]
    search_help_text = "Tracking id (as heard), id or its first 8 characters, patient, provider, phone of the creator"
    actions = [mover(to) for to in ServiceOrderStatus]

    territory_link = link_to("territory")
    created_by_link = link_to("created_by")
    timeline = timeline

    fieldsets = [
        (None, {"fields": ["tracking_id", "id", "status", "notes", "territory_link"]}),
        ("What", {"fields": ["service_type", "priority", "patient_id", "provider_id"]}),
        ("What happened", {"fields": ["created_by_link", "created_at", "updated_at", "timeline"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Insurance data is for those who have the permission to see it."""
        may_see = request.user.has_perm("service_orders.view_insurance")
        return [*self.fieldsets, ("Insurance", {"fields": ["insurance_info"]})] if may_see else self.fieldsets

    @admin.display(description="insurance")
    def insurance_info(self, order: ServiceOrder) -> str:
        try:
            said = order.insurance
        except InvalidToken:
            return "Cannot be read: no key opens it."
        return format_html_join("", "{}: {}<br>", ((name.replace("_", " "), said[name] or "-") for name in said))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        called_so = queryset.filter(tracking_id=canonical_tracking_id(term) or "")
        return found | queryset.filter(id_starts_with(term)) | called_so, duplicates
