"""Insurance data on the page of an order: not there until somebody asks, who is then written down."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from accounts.territories import WORK_EVERYWHERE, membership_of
from service_orders.encryption import InsuranceInfo
from service_orders.models import ServiceOrder

LOOKED = "Looked at the insurance data"
PART = "X-Part"
"""The header of whoever puts the answer into a page that is there already."""


def may_see_insurance(user: Any, order: ServiceOrder) -> bool:
    """Whoever has the permission; where the work is limited to own territories, only as one who verifies there."""
    if not user.has_perm("service_orders.view_insurance"):
        return False
    if user.has_perm(WORK_EVERYWHERE):
        return True
    membership = membership_of(user, order.territory_id)
    return membership is not None and membership.can_verify


class InsuranceAdmin(admin.ModelAdmin):
    """Part of the page of a service order."""

    def get_urls(self) -> list[URLPattern]:
        show = self.admin_site.admin_view(require_POST(self.insurance_view))
        return [path("<path:object_id>/insurance/", show, name="service_orders_insurance"), *super().get_urls()]

    def insurance_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of the order with its insurance data, or these alone; kept in no cache."""
        order = self.get_object(request, object_id)
        if order is None:
            raise Http404
        if not (self.has_view_permission(request) and may_see_insurance(request.user, order)):
            raise PermissionDenied
        self.log_change(request, order, LOOKED)
        shown = {"insurance_asked": True, "insurance": _opened(order)}
        answer = self._part(request, shown) if PART in request.headers else self.page(request, order, **shown)
        add_never_cache_headers(answer)
        return answer

    def page(self, request: HttpRequest, order: ServiceOrder, **shown: Any) -> HttpResponse:
        """The page of the order as the answer to a POST."""
        request.method = "GET"  # Django takes a POST to this page for a form that writes
        return self.change_view(request, str(order.pk), extra_context=shown)

    def _part(self, request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, "admin/service_orders/serviceorder/insurance.html", shown)


def _opened(order: ServiceOrder) -> InsuranceInfo | None:
    """None where no key of now opens them."""
    try:
        return order.insurance
    except InvalidToken:
        return None
