"""What the home page shows to whoever asks for it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils import timezone

from backoffice.home.cards import cards
from backoffice.home.figures import decided, placed, use_of_devices
from backoffice.home.lists import Lists
from backoffice.home.orders import acceptances, order_pictures
from backoffice.home.use import use_pictures
from backoffice.navigation import shortcuts
from devices.models import Device
from events.models import OrderEvent
from orders.models import Order
from service_orders.models import ServiceOrder


def home(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    """The numbers, pictures and ways, each only for those who may see the list behind it."""
    lists, today = Lists(site, request), timezone.localdate()
    shown: dict[str, Any] = {"today": today, "cards": cards(lists), "shortcuts": shortcuts(request)}
    if orders := [model for model in (Order, ServiceOrder) if lists.may_see(model)]:
        shown["orders"] = order_pictures(placed([lists.rows(model) for model in orders], today), lists, today)
    if lists.may_see(OrderEvent) and lists.may_see(Order):
        shown["acceptances"] = acceptances(decided(lists.rows(OrderEvent), today), lists, today)
    if lists.may_see(Device):
        shown["use"] = use_pictures(use_of_devices(lists.rows(Device), today), lists)
    return shown
