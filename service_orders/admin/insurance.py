"""Insurance data on the page of an order: shown on request only, and each request is logged."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.cache import add_never_cache_headers

from accounts.models import User
from accounts.requests import staff_user
from accounts.territories import WORK_EVERYWHERE, membership_of
from core.admin.base import BaseAdmin
from core.admin.views import object_post
from service_orders.encryption import InsuranceInfo
from service_orders.models import ServiceOrder

VIEWED = "Looked at the insurance data"
PART_HEADER = "X-Part"
"""Sent by scripts that insert the response into the page."""


def may_see_insurance(user: User, order: ServiceOrder) -> bool:
    """Return whether the user has the permission and, if limited to own territories, verifies in this one."""
    if not user.has_perm("service_orders.view_insurance"):
        return False
    if user.has_perm(WORK_EVERYWHERE):
        return True
    membership = membership_of(user, order.territory_id)
    return membership is not None and membership.can_verify


class InsuranceAdmin(BaseAdmin):
    """Add the button that shows the insurance data of a service order."""

    def get_urls(self) -> list[URLPattern]:
        route, permission = "<path:object_id>/insurance/", self.may_see_insurance
        return [
            object_post(self, route, self.insurance_view, name="insurance", permission=permission),
            *super().get_urls(),
        ]

    def may_see_insurance(self, request: HttpRequest, order: ServiceOrder) -> bool:
        return self.has_view_permission(request) and may_see_insurance(staff_user(request), order)

    def insurance_view(self, request: HttpRequest, order: ServiceOrder) -> HttpResponse:
        """Return the page of the order with its insurance data, or these alone; never cached."""
        self.log_change(request, order, VIEWED)
        context = {"insurance_shown": True, "insurance": _decrypted(order)}
        is_part = PART_HEADER in request.headers
        response = self._part(request, context) if is_part else self.render_page(request, order, **context)
        add_never_cache_headers(response)
        return response

    def render_page(self, request: HttpRequest, order: ServiceOrder, **context: Any) -> HttpResponse:
        """Return the page of the order as the response to a POST."""
        request.method = "GET"  # for Django, a POST to this page is a form to save
        return self.change_view(request, str(order.pk), extra_context=context)

    def _part(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, "admin/service_orders/serviceorder/insurance.html", context)


def _decrypted(order: ServiceOrder) -> InsuranceInfo | None:
    """Return the insurance data; None if no current key decrypts them."""
    try:
        return order.insurance
    except InvalidToken:
        return None
