"""Admin pages of orders: search, details, and transitions through the services."""

from collections.abc import Collection
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.requests import staff_user
from core.admin.badges import status_badge
from core.admin.base import LongListAdmin
from core.admin.day_filters import ComingDayFilter, DayFilter
from core.admin.filters import StatusFilter, worklist_filter
from events.admin import timeline
from events.queries import history_of
from exports.admin.exportable import ExportableAdmin
from orders.admin.bulk import BulkTransitionAdmin, preview_action
from orders.admin.export_columns import ORDER_COLUMNS
from orders.admin.labels import effect_of, no_transition_reason
from orders.admin.lists import OrderChangeList, OrderColumns
from orders.admin.page import order_context
from orders.admin.search import DeviceFilter, HandlerFilter, OrderTerritoryFilter, device_in_territories, search_orders
from orders.models import Order
from orders.queries import OrderQuerySet
from orders.services import change_order_status
from orders.workflow import OrderStatus
from orders.worklists import PICKUP, REVIEW


@admin.register(Order)
class OrderAdmin(ExportableAdmin, TerritoryScopedAdmin, OrderColumns, BulkTransitionAdmin, LongListAdmin):
    change_form_template = "admin/orders/order/page.html"
    change_list_template = "admin/orders/order/change_list.html"
    change_status = staticmethod(change_order_status)
    main_path, labels, needs_note = OrderStatus.main_path(), OrderStatus.actions(), [OrderStatus.REJECTED]
    change_list_class = OrderChangeList
    status_badge = status_badge
    list_display = [
        "number",
        "status_badge",
        "device_name",
        "requester_and_phone",
        "days",
        "handler",
        "territory",
        "age",
    ]
    list_filter = [
        worklist_filter(REVIEW, PICKUP),
        ("status", StatusFilter),
        "kind",
        ("start_date", ComingDayFilter),
        ("created_at", DayFilter),
        OrderTerritoryFilter,
        ("device", DeviceFilter),
        ("handler_vle", HandlerFilter),
    ]
    export_columns = ORDER_COLUMNS
    list_select_related = ["device", "requester", "handler_vle"]
    search_fields = ["requester__name"]  # without fields there is no search box; see `search_orders`
    search_help_text = "Id (#abc12345), phone, name or device"
    actions = [preview_action(to, label) for to, label in OrderStatus.actions().items()]
    fieldsets = [(None, {"fields": ["id"]})]

    class Media:
        css = {"all": ["backoffice/orders.css"]}

    def territory_filter(self, territory_ids: Collection[str]) -> Any:
        return device_in_territories(territory_ids)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return search_orders(term, cast(OrderQuerySet, queryset)), False

    def page_context(self, request: HttpRequest, row: Order) -> dict[str, Any]:
        context = super().page_context(request, row) | order_context(row, staff_user(request))
        return context | {"timeline": timeline(self, row), "title": str(row), "subtitle": ""}

    def visited_statuses(self, row: Order) -> set[str]:
        return set(history_of(row.pk).values_list("status", flat=True))

    def transition_effect(self, request: HttpRequest, row: Order, to: str) -> str:
        return effect_of(row, to)

    def no_transition_reason(self, request: HttpRequest, row: Order) -> str:
        return no_transition_reason(row, may_change=self.can_act_on(request, row))
