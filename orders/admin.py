"""Orders in the back office: to be found, read, and moved through the same services as everywhere."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import Actor
from accounts.admin_actions import act_on_each
from accounts.admin_moves import MovableAdmin
from core.admin import ReadOnlyAdmin, id_starts_with, link_to, links_to
from core.admin.badges import status_badge
from core.admin.needs import needs_filter
from events.admin import timeline
from orders.models import Intent, Order
from orders.needs import PICKUP, REVIEW
from orders.services import move_order
from orders.workflow import OrderStatus


def mover(to: OrderStatus) -> Callable[..., None]:
    return act_on_each(f"move_to_{to.lower()}", f"Move to {to}", lambda order, by: move_order(order, to=to, by=by), to)


MOVES = [OrderStatus.UNDER_REVIEW, OrderStatus.ACCEPTED, OrderStatus.REJECTED, OrderStatus.PICKUP_SCHEDULED]
MOVES += [OrderStatus.ACTIVE, OrderStatus.COMPLETED, OrderStatus.CLOSED]


DATES_AND_AMOUNTS = ["start_date", "end_date", "requested_hours", "requested_acres"]


@admin.register(Order)
class OrderAdmin(MovableAdmin, ReadOnlyAdmin):
    road = [OrderStatus.INTEREST_RAISED, *MOVES[:2], *MOVES[3:]]
    verbs = {
        OrderStatus.UNDER_REVIEW: "Start review",
        OrderStatus.ACCEPTED: "Accept",
        OrderStatus.REJECTED: "Reject",
        OrderStatus.PICKUP_SCHEDULED: "Schedule pickup",
        OrderStatus.ACTIVE: "Hand over",
        OrderStatus.COMPLETED: "Complete",
        OrderStatus.CLOSED: "Close",
    }
    needs_note = [OrderStatus.REJECTED]
    status_badge = status_badge
    list_display = ["short_id", "kind", "status_badge", "device", "requester", "start_date", "end_date", "created_at"]
    list_filter = [
        needs_filter(REVIEW, PICKUP),
        "status",
        "kind",
        ("created_at", admin.DateFieldListFilter),
        ("start_date", admin.DateFieldListFilter),
    ]
    list_select_related = ["device", "requester"]
    search_fields = ["requester__phone", "requester__name", "device__name"]
    search_help_text = "Id or its first 8 characters (#abc12345), phone, name, device"
    actions = [mover(to) for to in MOVES]

    device_link = link_to("device")
    requester_link = link_to("requester")
    handler_link = link_to("handler_vle", "handler")
    lease_link = links_to("leases", "lease", "order", "leases")
    timeline = timeline
    sms_link = links_to("notifications", "smsmessage", "related_id", "SMS")

    def move(self, row: Order, *, to: str, by: Actor, note: str, seen: datetime | None, request: HttpRequest) -> None:
        move_order(row, to=to, by=by, note=note or None, seen=seen)

    fieldsets = [
        (None, {"fields": ["id", "kind", "status", "note"]}),
        (
            "What and when",
            {"fields": ["device_link", "territory", *DATES_AND_AMOUNTS]},
        ),
        ("Who", {"fields": ["requester_link", "handler_link"]}),
        ("What came of it", {"fields": ["timeline", "lease_link", "sms_link", "created_at", "updated_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).with_territory()

    @admin.display(description="territory")
    def territory(self, order: Order) -> str:
        return order.territory_id or "-"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(id_starts_with(term)), duplicates


@admin.register(Intent)
class IntentAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "device", "user", "order", "created_at", "expires_at"]
    list_filter = ["kind"]
    list_select_related = ["device", "user", "order"]
