"""The list of orders: its columns and shortcuts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.territories import territory_ids_of
from core.admin.ages import age_of
from core.admin.change_lists import CardChangeList
from core.days import format_date_range
from orders.models import Order
from orders.workflow import OrderStatus
from orders.worklists import PICKUP, REVIEW


class OrderChangeList(CardChangeList):
    """Set the territory of each order of the page, with one query for all of them."""

    query_shortcuts = [
        ("All", ""),
        ("To review", f"worklist={REVIEW.name}"),
        ("Pickup today or overdue", f"worklist={PICKUP.name}"),
        ("Out in the field", f"status__exact={OrderStatus.ACTIVE}"),
    ]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        territories = territory_ids_of({order.device.pincode for order in self.result_list})
        for order in self.result_list:
            order.territory_id = territories[order.device.pincode]


class OrderColumns(admin.ModelAdmin):
    """Declare the columns; `territory` reads what OrderChangeList sets."""

    @admin.display(description="order")
    def number(self, order: Order) -> SafeString:
        return format_html('<span class="number">#{}</span> <span class="kind">{}</span>', order.short_id, order.kind)

    @admin.display(description="device", ordering="device__name")
    def device_name(self, order: Order) -> str:
        return order.device.name

    @admin.display(description="requester", ordering="requester__name")
    def requester_and_phone(self, order: Order) -> SafeString:
        return format_html('{} <span class="phone">{}</span>', order.requester.name, order.requester.phone)

    @admin.display(description="days", ordering="start_date")
    def days(self, order: Order) -> str:
        return format_date_range(order.start_date, order.end_date)

    @admin.display(description="handler")
    def handler(self, order: Order) -> str:
        return "Admins" if order.handler_vle is None else str(order.handler_vle)

    @admin.display(description="territory")
    def territory(self, order: Any) -> str:
        return order.territory_id or "-"

    @admin.display(description="age", ordering="created_at")
    def age(self, order: Order) -> SafeString:
        return age_of(order.created_at)
