"""Compose the home page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils import timezone

from backoffice.home.cards import cards
from backoffice.home.links import ChangelistLinks
from backoffice.home.orders import acceptances, order_charts
from backoffice.home.stats import device_utilisation, orders_created, orders_decided
from backoffice.home.utilisation import utilisation_charts
from backoffice.navigation import shortcuts
from devices.models import Device
from events.models import OrderEvent
from orders.models import Order
from service_orders.models import ServiceOrder


def home_context(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    """Return the cards, charts and shortcuts, each only if the user may see the changelist behind it."""
    links, today = ChangelistLinks(site, request), timezone.localdate()
    context: dict[str, Any] = {"today": today, "cards": cards(links), "shortcuts": shortcuts(request)}
    if models := [model for model in (Order, ServiceOrder) if links.can_view(model)]:
        created = orders_created([links.rows(model) for model in models], today)
        context["orders"] = order_charts(created, links, today)
    if links.can_view(OrderEvent) and links.can_view(Order):
        context["acceptances"] = acceptances(orders_decided(links.rows(OrderEvent), today), links, today)
    if links.can_view(Device):
        context["utilisation"] = utilisation_charts(device_utilisation(links.rows(Device), today), links)
    return context
