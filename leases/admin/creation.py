"""Signing a lease: one page, from an accepted LEASE order to the lease."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.actors import back_office_actor
from accounts.admin_territories import visible_in_territories
from accounts.models import Operator
from core.errors import DomainError
from devices.pricing import estimated_price
from leases.admin.forms import MAX_OPERATORS, SigningForm
from leases.documents import KINDS, MAX_BYTES, MAX_DOCUMENTS
from leases.models import Lease
from leases.operators import with_training
from leases.services import create_lease, must_allow_lease
from leases.training import training_until
from orders.models import Order

ADD = "leases.add_lease"
LIMITS = {
    "max_operators": MAX_OPERATORS,
    "max_documents": MAX_DOCUMENTS,
    "max_bytes": MAX_BYTES,
    "max_megabytes": MAX_BYTES // 2**20,
    "kinds": ", ".join(kind.name for kind in KINDS),
}


class CreatesLeases(admin.ModelAdmin):
    """The page `leases_lease_create`, to which the page of an accepted LEASE order leads."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.create_page)
        return [path("create/<uuid:order_id>/", page, name="leases_lease_create"), *super().get_urls()]

    def create_page(self, request: HttpRequest, order_id: UUID) -> HttpResponse:
        """Asks what the order does not say, and signs; where the order has its lease already, leads there."""
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        order = _order(request, order_id)
        if request.method == "POST":
            return self._sign(request, order)
        if lease := _lease_of(order):
            return _led_to(request, lease)
        return self._page(request, order, SigningForm(), _refusal_of(order))

    def _sign(self, request: HttpRequest, order: Order) -> HttpResponse:
        form = SigningForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, order, form, "Nothing was saved: see what is marked below.")
        try:
            lease = create_lease(by=back_office_actor(request.user), order_id=order.pk, **form.asked_for())
        except DomainError as refusal:
            if lease := _lease_of(order):
                return _led_to(request, lease)
            form.point_out(refusal)
            return self._page(request, order, form, str(refusal))
        self.log_addition(request, lease, f"Created from order #{order.short_id}")
        messages.success(request, f"{lease} is signed. {lease.vle} is told by SMS.")
        return _go_to(request, lease)

    def _page(self, request: HttpRequest, order: Order, form: SigningForm, refusal: str) -> HttpResponse:
        vle = getattr(order.requester, "vle_profile", None)
        price = estimated_price(
            order.device, on=order.start_date, hours=order.requested_hours, acres=order.requested_acres
        )
        for row in form.operator_rows:
            row.training = _training_of(row.chosen, order)
        context = {
            "title": f"Create lease for order #{order.short_id}",
            "opts": self.opts,
            "order": order,
            "days": (order.end_date - order.start_date).days + 1,
            "vle": vle,
            "price": price,
            "form": form,
            "refusal": refusal,
            "can_be_signed": not _refusal_of(order),
            **LIMITS,
        }
        return TemplateResponse(
            request, "admin/leases/lease/create.html", self.admin_site.each_context(request) | context
        )


def _order(request: HttpRequest, order_id: UUID) -> Order:
    mine = Order.objects.filter(visible_in_territories(request.user, pincode_path="device__pincode"))  # type: ignore[arg-type]
    rows = mine.select_related("device__device_type", "device__manufacturer", "requester__vle_profile")
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise Http404
    return order


def _lease_of(order: Order) -> Lease | None:
    return order.leases.standing().first()


def _refusal_of(order: Order) -> str:
    try:
        must_allow_lease(order)
    except DomainError as refusal:
        return str(refusal)
    return ""


def _training_of(operator: Any, order: Order) -> Any:
    if operator is None:
        return None
    found = with_training(Operator.objects.filter(pk=operator.pk), order.device.device_type_id).get()
    return training_until(found.trained_until, needed_until=order.end_date)


def _led_to(request: HttpRequest, lease: Lease) -> HttpResponse:
    messages.info(request, f"This order has its lease already: {lease}. Nothing was signed a second time.")
    return _go_to(request, lease)


def _go_to(request: HttpRequest, lease: Lease) -> HttpResponse:
    page = reverse("admin:leases_lease_change", args=[lease.pk])
    # The page's own script asks so, to keep chosen files where the form comes back.
    wants_address = "application/json" in request.headers.get("Accept", "")
    return JsonResponse({"page": page}) if wants_address else HttpResponseRedirect(page)
