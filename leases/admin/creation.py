"""The page that creates a lease from an accepted LEASE order."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern

from accounts.admin.territory_scope import visible_in_territories
from accounts.models import Operator
from accounts.requests import staff_user
from core.admin.base import BaseAdmin
from core.admin.links import change_url
from core.admin.views import guarded_view
from core.errors import DomainError
from devices.pricing import estimated_price
from leases.admin.forms import MAX_OPERATORS, LeaseForm
from leases.documents import KINDS, MAX_BYTES, MAX_DOCUMENTS
from leases.models import Lease
from leases.operators import with_training
from leases.services import create_lease, must_allow_lease
from leases.training import training_until
from orders.models import Order

FORM_INVALID = "Nothing was saved: see what is marked below."
LIMITS = {
    "max_operators": MAX_OPERATORS,
    "max_documents": MAX_DOCUMENTS,
    "max_bytes": MAX_BYTES,
    "max_megabytes": MAX_BYTES // 2**20,
    "kinds": ", ".join(kind.name for kind in KINDS),
}


def may_create_leases(request: HttpRequest) -> bool:
    return staff_user(request).has_perm("leases.add_lease")


class LeaseCreationAdmin(BaseAdmin):
    """Add the page `leases_lease_create`, to which the page of an accepted LEASE order links."""

    def get_urls(self) -> list[URLPattern]:
        route, view, permission = "create/<uuid:order_id>/", self.create_view, may_create_leases
        page = guarded_view(self, route, view, name="leases_lease_create", permission=permission)
        return [page, *super().get_urls()]

    def create_view(self, request: HttpRequest, order_id: UUID) -> HttpResponse:
        """Render the form; on POST create the lease. Redirects to the lease if the order has one."""
        order = _find_order(request, order_id)
        if request.method == "POST":
            return self._create(request, order)
        if lease := _lease_of(order):
            return _redirect_to_existing(request, lease)
        return self._page(request, order, LeaseForm(), _error_of(order))

    def _create(self, request: HttpRequest, order: Order) -> HttpResponse:
        form = LeaseForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, order, form, FORM_INVALID)
        try:
            lease = create_lease(by=self.get_actor(request), order_id=order.pk, **form.lease_arguments())
        except DomainError as error:
            if existing := _lease_of(order):
                return _redirect_to_existing(request, existing)
            form.add_error(error)
            return self._page(request, order, form, str(error))
        self.log_addition(request, lease, f"Created from order #{order.short_id}")
        messages.success(request, f"{lease} is signed. {lease.vle} is told by SMS.")
        return _redirect_to(request, lease)

    def _page(self, request: HttpRequest, order: Order, form: LeaseForm, error: str) -> HttpResponse:
        vle = getattr(order.requester, "vle_profile", None)
        price = estimated_price(
            order.device, on=order.start_date, hours=order.requested_hours, acres=order.requested_acres
        )
        for row in form.operator_rows:
            row.training = _training_of(row.selected, order)
        context = {
            "title": f"Create lease for order #{order.short_id}",
            "opts": self.opts,
            "order": order,
            "days": (order.end_date - order.start_date).days + 1,
            "vle": vle,
            "price": price,
            "form": form,
            "error": error,
            "can_be_created": not _error_of(order),
            **LIMITS,
        }
        return TemplateResponse(
            request, "admin/leases/lease/create.html", self.admin_site.each_context(request) | context
        )


def _find_order(request: HttpRequest, order_id: UUID) -> Order:
    is_visible = visible_in_territories(staff_user(request), pincode_path="device__pincode")
    rows = Order.objects.filter(is_visible).select_related(
        "device__device_type", "device__manufacturer", "requester__vle_profile"
    )
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise Http404
    return order


def _lease_of(order: Order) -> Lease | None:
    return order.leases.standing().first()


def _error_of(order: Order) -> str:
    try:
        must_allow_lease(order)
    except DomainError as error:
        return str(error)
    return ""


def _training_of(operator: Any, order: Order) -> Any:
    if operator is None:
        return None
    row: Any = with_training(Operator.objects.filter(pk=operator.pk), order.device.device_type_id).get()
    return training_until(row.trained_until, needed_until=order.end_date)


def _redirect_to_existing(request: HttpRequest, lease: Lease) -> HttpResponse:
    messages.info(request, f"This lease already exists: {lease}.")
    return _redirect_to(request, lease)


def _redirect_to(request: HttpRequest, lease: Lease) -> HttpResponse:
    url = change_url(lease)
    # The script of the page posts the form itself, so that selected files stay if the form is refused.
    wants_json = "application/json" in request.headers.get("Accept", "")
    return JsonResponse({"page": url}) if wants_json else HttpResponseRedirect(url)
