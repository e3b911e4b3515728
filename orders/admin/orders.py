"""Orders in the back office: to be found, read, and moved through the same services as everywhere."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.actors import Actor
from accounts.admin_territories import TerritoryScopedAdmin
from core.admin import ReadOnlyAdmin
from core.admin.badges import status_badge
from core.admin.filters import ComingDayFilter, DayFilter, StateFilter
from core.admin.paging import KeysFirstPaginator
from core.admin.worklists import worklist_filter
from events.admin import timeline
from events.queries import history_of
from exports.admin.exportable import ExportableAdmin
from orders.admin.bulk import MovesInBulk, step_for_many
from orders.admin.lists import OrderColumns, OrderList
from orders.admin.page import page_of
from orders.admin.search import DeviceFilter, HandlerFilter, OrderTerritoryFilter, meant_by, standing_in
from orders.admin.wording import ROAD, VERBS, after, why_none
from orders.admin_columns import ORDER_COLUMNS
from orders.models import Order
from orders.services import change_order_status
from orders.workflow import OrderStatus
from orders.worklists import PICKUP, REVIEW


@admin.register(Order)
class OrderAdmin(ExportableAdmin, TerritoryScopedAdmin, OrderColumns, MovesInBulk, ReadOnlyAdmin):
    change_form_template = "admin/orders/order/page.html"
    change_list_template = "admin/orders/order/change_list.html"
    road, verbs, needs_note = ROAD, VERBS, [OrderStatus.REJECTED]
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
        ("status", StateFilter),
        "kind",
        ("start_date", ComingDayFilter),
        ("created_at", DayFilter),
        OrderTerritoryFilter,
        ("device", DeviceFilter),
        ("handler_vle", HandlerFilter),
    ]
    export_columns = ORDER_COLUMNS
    list_select_related = ["device", "requester", "handler_vle"]
    list_per_page = 50
    paginator = KeysFirstPaginator
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["requester__name"]  # what is searched says `meant_by`; without fields there is no box
    search_help_text = "Id (#abc12345), phone, name or device"
    actions = [step_for_many(to, verb) for to, verb in VERBS.items()]
    fieldsets = [(None, {"fields": ["id"]})]

    class Media:
        css = {"all": ["backoffice/orders.css"]}

    def territory_filter(self, territory_ids: Collection[str]) -> Any:
        return standing_in(territory_ids)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return OrderList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return meant_by(term, queryset), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        order = context["original"]
        context |= page_of(order, request.user) | {
            "timeline": timeline(self, order),
            "title": str(order),
            "subtitle": "",
        }
        return super().render_change_form(request, context, *args, **options)

    def visited(self, row: Order) -> set[str]:
        return set(history_of(row.pk).values_list("status", flat=True))

    def move(
        self, row: Order, *, to: str, by: Actor, note: str, expected_updated_at: datetime | None, request: HttpRequest
    ) -> None:
        change_order_status(row, to=to, by=by, note=note or None, expected_updated_at=expected_updated_at)

    def consequence(self, request: HttpRequest, row: Order, to: str) -> str:
        return after(row, to)

    def why_no_moves(self, request: HttpRequest, row: Order) -> str:
        return why_none(row, may_move=self.may_move(request))
