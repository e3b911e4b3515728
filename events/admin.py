"""The history of orders: the admin list, and the timeline on the page of an order."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.models import User
from accounts.search import has_phone
from core.admin.badges import badge
from core.admin.base import LongListAdmin
from core.admin.change_lists import CardChangeList
from core.admin.day_filters import DayFilter
from core.admin.filters import StatusFilter
from core.admin.links import change_url_by_id, link, link_to
from core.admin.search import id_starts_with
from events.models import OrderEvent
from events.queries import history_of

MAX_CHANGES = 100
RECENT_CHANGES = 2000
MODELS = {"LEASE": "orders.Order", "RENT": "orders.Order", "SERVICE": "service_orders.ServiceOrder"}


class RecentStatusFilter(StatusFilter):
    """Offer the statuses of recent changes; the workflows that declare them are in apps above this one."""

    def statuses(self) -> list[str]:
        return sorted(set(OrderEvent.objects.values_list("status", flat=True)[:RECENT_CHANGES]))


@admin.display(description="timeline")
def timeline(self: Any, order: Model) -> SafeString:
    """Render the newest changes of an order, newest first, for its page."""
    changes = history_of(order.pk).reverse()[: MAX_CHANGES + 1]
    context = {"changes": list(changes)[:MAX_CHANGES], "has_more": len(changes) > MAX_CHANGES}
    return SafeString(render_to_string("admin/includes/timeline.html", context))


@admin.register(OrderEvent)
class OrderEventAdmin(TerritoryScopedAdmin, LongListAdmin):
    territory_path = "territory"
    change_list_class = CardChangeList
    list_display = ["created_at", "order", "from_badge", "to_badge", "changed_by", "source", "note_start", "territory"]
    list_display_links = ["created_at"]
    list_filter = [
        ("created_at", DayFilter),
        "order_kind",
        ("status", RecentStatusFilter),
        "source",
        ("territory", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["changed_by", "territory"]
    search_fields = ["correlation_id"]
    search_help_text = "Order (#abc12345), audit or correlation id, phone of who changed it"

    changed_by_link = link_to("changed_by")
    fieldsets = [
        (None, {"fields": ["order", "from_badge", "to_badge", "created_at", "changed_by_link", "source", "note"]}),
        ("Record", {"fields": ["id", "verification_data", "correlation_id", "territory", "seq"]}),
    ]

    @admin.display(description="order", ordering="order_id")
    def order(self, change: OrderEvent) -> str:
        url = change_url_by_id(MODELS[change.order_kind], change.order_id)
        return link(f"{change.order_kind} #{str(change.order_id)[:8]}", url)

    @admin.display(description="from")
    def from_badge(self, change: OrderEvent) -> str:
        return badge(change.previous_status) if change.previous_status else "-"

    @admin.display(description="to")
    def to_badge(self, change: OrderEvent) -> str:
        return badge(change.status)

    @admin.display(description="note")
    def note_start(self, change: OrderEvent) -> str:
        return change.note if len(change.note) <= 60 else f"{change.note[:59]}…"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.filter(_matching(term)) if term.strip() else queryset), False


def _matching(term: str) -> Q:
    people = User.objects.filter(has_phone(term, "phone")).order_by().values("pk")
    ids = id_starts_with(term, field="order_id") | id_starts_with(term)
    return ids | Q(correlation_id=term.strip()) | Q(changed_by__in=people)
