"""The history in the back office: to be searched as a whole, and as the timeline of one order."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from core.admin import ReadOnlyAdmin, id_starts_with
from events.models import OrderEvent
from events.queries import history_of

SHOWN_CHANGES = 100


@admin.display(description="timeline")
def timeline(self: Any, order: Model) -> SafeString:
    """A column for the page of an order: its newest changes, newest first."""
    changes = history_of(order.pk).reverse()[:SHOWN_CHANGES]
    return format_html("<table>{}</table>", format_html_join("", "<tr>{}</tr>", ((_cells(c),) for c in changes)))


def _cells(change: OrderEvent) -> SafeString:
    when = localtime(change.created_at).strftime("%Y-%m-%d %H:%M:%S")
    said = [when, change.status, change.changed_by or "-", change.door, change.note, change.verification_data or ""]
    return format_html_join("", "<td>{}</td>", ((cell,) for cell in said))


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "order_kind", "order", "previous_status", "status", "changed_by", "door", "territory"]
    list_filter = ["order_kind", "door", "territory", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["changed_by", "territory"]
    search_fields = ["=correlation_id", "changed_by__phone"]
    search_help_text = "Order (#abc12345), correlation id, phone of who changed it"

    @admin.display(description="order")
    def order(self, change: OrderEvent) -> str:
        return f"#{str(change.order_id)[:8]}"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term, field="order_id")), duplicates
