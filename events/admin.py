"""The history in the back office: to be searched as a whole, and as the timeline of one order."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin_search import has_phone
from accounts.admin_territories import TerritoryScopedAdmin
from accounts.models import User
from core.admin import ReadOnlyAdmin, id_starts_with, link_to
from core.admin.badges import badge
from core.admin.filters import DayFilter, StateFilter
from core.admin.lists import NamedList
from core.admin.paging import KeysFirstPaginator
from events.models import OrderEvent
from events.queries import history_of

SHOWN_CHANGES = 100
RECENT = 2000
PAGES = {
    "LEASE": "admin:orders_order_change",
    "RENT": "admin:orders_order_change",
    "SERVICE": "admin:service_orders_serviceorder_change",
}


class SeenStates(StateFilter):
    """Offers the states of the newest changes: which ones there are, the orders of each kind know."""

    def states(self) -> list[str]:
        return sorted(set(OrderEvent.objects.values_list("status", flat=True)[:RECENT]))


@admin.display(description="timeline")
def timeline(self: Any, order: Model) -> SafeString:
    """A column for the page of an order: its newest changes, newest first."""
    changes = history_of(order.pk).reverse()[: SHOWN_CHANGES + 1]
    context = {"changes": list(changes)[:SHOWN_CHANGES], "has_more": len(changes) > SHOWN_CHANGES}
    return SafeString(render_to_string("admin/includes/timeline.html", context))


class EventList(NamedList):
    has_cards = True
    """On a phone each row is a card."""


@admin.register(OrderEvent)
class OrderEventAdmin(TerritoryScopedAdmin, ReadOnlyAdmin):
    territory_path = "territory"
    list_display = ["created_at", "order", "from_badge", "to_badge", "changed_by", "source", "note_start", "territory"]
    list_display_links = ["created_at"]
    list_filter = [
        ("created_at", DayFilter),
        "order_kind",
        ("status", SeenStates),
        "source",
        ("territory", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["changed_by", "territory"]
    search_fields = ["correlation_id"]
    search_help_text = "Order (#abc12345), audit or correlation id, phone of who changed it"
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    paginator = KeysFirstPaginator

    changed_by_link = link_to("changed_by")
    fieldsets = [
        (None, {"fields": ["order", "from_badge", "to_badge", "created_at", "changed_by_link", "source", "note"]}),
        ("Record", {"fields": ["id", "verification_data", "correlation_id", "territory", "seq"]}),
    ]

    @admin.display(description="order", ordering="order_id")
    def order(self, change: OrderEvent) -> str:
        label = f"{change.order_kind} #{str(change.order_id)[:8]}"
        url = reverse(PAGES[change.order_kind], args=[change.order_id])
        return format_html('<a href="{}">{}</a>', url, label)

    @admin.display(description="from")
    def from_badge(self, change: OrderEvent) -> str:
        return badge(change.previous_status) if change.previous_status else "-"

    @admin.display(description="to")
    def to_badge(self, change: OrderEvent) -> str:
        return badge(change.status)

    @admin.display(description="note")
    def note_start(self, change: OrderEvent) -> str:
        return change.note if len(change.note) <= 60 else f"{change.note[:59]}…"

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return EventList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.filter(_meant_by(term)) if term.strip() else queryset), False


def _meant_by(term: str) -> Q:
    people = User.objects.filter(has_phone(term, "phone")).order_by().values("pk")
    ids = id_starts_with(term, field="order_id") | id_starts_with(term)
    return ids | Q(correlation_id=term.strip()) | Q(changed_by__in=people)
