"""The verification queue: what waits, the most urgent first, and after each decision the next."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.models import Territory, TerritoryMembership
from accounts.territories import territories_seen_by
from core.admin.badges import badge
from core.database import uuid_of
from service_orders.admin.line import Line
from service_orders.choices import Priority
from service_orders.models import ServiceOrder
from service_orders.queries import ServiceOrderQuerySet

PAGE = 25


class QueueAdmin(admin.ModelAdmin):
    """Part of the pages of service orders."""

    def get_urls(self) -> list[URLPattern]:
        see, go_on = self.admin_site.admin_view(self.queue_view), self.admin_site.admin_view(self.next_view)
        mine = [
            path("queue/", see, name="service_orders_queue"),
            path("queue/next/", go_on, name="service_orders_next"),
        ]
        return [*mine, *super().get_urls()]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """Everything that waits for this member of staff, page by page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        line = Line.asked_for(request.GET)
        orders = self.waiting_for(request, line).select_related("territory", "created_by")
        page = Paginator(orders, PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Verification queue",
            "opts": self.opts,
            "line": line,
            "orders": page,
            "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
            "counts": self._counts(request, line),
            "territories": self._territories(request),
            "priorities": _priorities(line),
            "decides": self._decides_in(request),
            "may_change": self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin/service_orders/serviceorder/queue.html", context)

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """The page of whatever comes first now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        line = Line.asked_for(request.GET)
        order = self.next_in(request, line)
        if order is None and line.skipped:
            messages.info(request, "You have come to the end. Those that you skipped still wait.")
        return HttpResponseRedirect(_page_of(order, line))

    def waiting_for(self, request: HttpRequest, line: Line) -> ServiceOrderQuerySet:
        """What waits in the territories where this member of staff decides; for who decides nowhere, all they see."""
        rows = self.get_queryset(request).waiting().filter(line.rows)
        deciding = self._decides_in(request)
        return rows.filter(territory__in=deciding) if deciding else rows

    def next_in(self, request: HttpRequest, line: Line) -> ServiceOrder | None:
        skipped = [key for key in map(uuid_of, line.skipped) if key]
        return self.waiting_for(request, line).exclude(pk__in=skipped).first()

    def go_on(self, request: HttpRequest, line: Line, said: str, level: int = messages.SUCCESS) -> HttpResponse:
        """On to the next, saying what became of the last."""
        order, left = self.next_in(request, line), self.waiting_for(request, line).count()
        if order is not None:
            then = f"Next: {order}. {left} waiting."
        else:
            then = "Only those that you skipped still wait." if left else "Nothing else waits."
        messages.add_message(request, level, f"{said} {then}")
        return HttpResponseRedirect(_page_of(order, line))

    def _decides_in(self, request: HttpRequest) -> list[str]:
        """The ids of the territories where this member of staff may verify; asked of the database once a request."""
        if not self.has_change_permission(request):
            return []
        known = getattr(request, "_decides_in", None)
        if known is None:
            mine = TerritoryMembership.objects.filter(user=request.user, can_verify=True)
            known = request._decides_in = list(mine.values_list("territory_id", flat=True))
        return known

    def _territories(self, request: HttpRequest) -> list[Territory]:
        deciding = self._decides_in(request)
        territories = territories_seen_by(request.user)
        return list(territories.filter(pk__in=deciding) if deciding else territories)

    def _counts(self, request: HttpRequest, line: Line) -> list[dict[str, Any]]:
        """How many wait of each priority, whichever of them is shown."""
        rows = self.waiting_for(request, Line(territory=line.territory)).order_by()
        found = dict(rows.values_list("priority").annotate(Count("pk")))
        return [{"badge": badge(each), "number": found[each]} for each in reversed(Priority.values) if each in found]


def _priorities(line: Line) -> list[dict[str, Any]]:
    return [{"value": each, "label": each.capitalize(), "chosen": each == line.priority} for each in Priority.values]


def _page_of(order: ServiceOrder | None, line: Line) -> str:
    if order is None:
        return f"{reverse('admin:service_orders_queue')}?{Line(line.territory, line.priority).address}"
    return f"{reverse('admin:service_orders_serviceorder_change', args=[order.pk])}?{line.address}"
