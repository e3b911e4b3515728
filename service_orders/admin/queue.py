"""The verification queue: waiting orders, the most urgent first; each decision leads to the next order."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse

from accounts.models import Territory, TerritoryMembership
from accounts.requests import staff_user
from accounts.territories import territories_seen_by
from core.admin.badges import badge
from core.admin.base import BaseAdmin
from core.admin.links import change_url
from core.admin.views import guarded_view
from core.database import uuid_of
from service_orders.admin.queue_filter import QueueFilter
from service_orders.choices import Priority
from service_orders.models import ServiceOrder
from service_orders.queries import ServiceOrderQuerySet

ORDERS_PER_PAGE = 25


class QueueAdmin(BaseAdmin):
    """Add the page of the verification queue, and the redirect to its next order."""

    def get_urls(self) -> list[URLPattern]:
        may_view = self.has_view_permission
        return [
            guarded_view(self, "queue/", self.queue_view, name="service_orders_queue", permission=may_view),
            guarded_view(self, "queue/next/", self.next_view, name="service_orders_next", permission=may_view),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """Render the orders that wait for the signed-in user, page by page."""
        queue_filter = QueueFilter.from_query(request.GET)
        orders = self.waiting_for(request, queue_filter).select_related("territory", "created_by")
        page = Paginator(orders, ORDERS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Verification queue",
            "opts": self.opts,
            "queue_filter": queue_filter,
            "orders": page,
            "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
            "counts": self._counts(request, queue_filter),
            "territories": self._territories(request),
            "priorities": _priorities(queue_filter),
            "verifies_in": self._verifies_in(request),
            "may_change": self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin/service_orders/serviceorder/queue.html", context)

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the order that comes first now."""
        queue_filter = QueueFilter.from_query(request.GET)
        order = self.next_order(request, queue_filter)
        if order is None and queue_filter.skipped:
            messages.info(request, "You have come to the end. Those that you skipped still wait.")
        return HttpResponseRedirect(_order_url(order, queue_filter))

    def waiting_for(self, request: HttpRequest, queue_filter: QueueFilter) -> ServiceOrderQuerySet:
        """Return waiting orders of the territories where the user verifies; if there are none, all visible ones."""
        orders = cast(ServiceOrderQuerySet, self.get_queryset(request)).waiting().filter(queue_filter.condition)
        territory_ids = self._verifies_in(request)
        return orders.filter(territory__in=territory_ids) if territory_ids else orders

    def next_order(self, request: HttpRequest, queue_filter: QueueFilter) -> ServiceOrder | None:
        """Return the first waiting order that was not skipped; None at the end of the queue."""
        skipped = [key for key in map(uuid_of, queue_filter.skipped) if key]
        return self.waiting_for(request, queue_filter).exclude(pk__in=skipped).first()

    def redirect_to_next(
        self, request: HttpRequest, queue_filter: QueueFilter, message: str, level: int = messages.SUCCESS
    ) -> HttpResponse:
        """Redirect to the next order, with a message about the last one."""
        order, left = self.next_order(request, queue_filter), self.waiting_for(request, queue_filter).count()
        if order is not None:
            following = f"Next: {order}. {left} waiting."
        else:
            following = "Only those that you skipped still wait." if left else "Nothing else waits."
        messages.add_message(request, level, f"{message} {following}")
        return HttpResponseRedirect(_order_url(order, queue_filter))

    def _verifies_in(self, request: HttpRequest) -> list[str]:
        """Return the ids of the territories where the user may verify, read once per request."""
        if not self.has_change_permission(request):
            return []
        ids: list[str] | None = getattr(request, "verifies_in", None)
        if ids is None:
            memberships = TerritoryMembership.objects.filter(user=staff_user(request), can_verify=True)
            ids = request.verifies_in = list(memberships.values_list("territory_id", flat=True))  # type: ignore[attr-defined]
        return ids

    def _territories(self, request: HttpRequest) -> list[Territory]:
        territory_ids = self._verifies_in(request)
        territories = territories_seen_by(staff_user(request))
        return list(territories.filter(pk__in=territory_ids) if territory_ids else territories)

    def _counts(self, request: HttpRequest, queue_filter: QueueFilter) -> list[dict[str, Any]]:
        """Return how many orders of each priority wait, whichever priority is selected."""
        orders = self.waiting_for(request, QueueFilter(territory=queue_filter.territory)).order_by()
        counts = dict(orders.values_list("priority").annotate(Count("pk")))
        return [{"badge": badge(each), "number": counts[each]} for each in reversed(Priority.values) if each in counts]


def _priorities(queue_filter: QueueFilter) -> list[dict[str, Any]]:
    selected = queue_filter.priority
    return [{"value": each, "label": each.capitalize(), "selected": each == selected} for each in Priority.values]


def _order_url(order: ServiceOrder | None, queue_filter: QueueFilter) -> str:
    if order is None:
        without_skipped = QueueFilter(queue_filter.territory, queue_filter.priority)
        return f"{reverse('admin:service_orders_queue')}?{without_skipped.query_string}"
    return f"{change_url(order)}?{queue_filter.query_string}"
