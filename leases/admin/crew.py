"""Who drives: finding operators while one types, and putting one on a running lease."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from accounts.actors import back_office_actor
from core.errors import DomainError
from devices.queries import is_code
from leases.admin.forms import OperatorForm
from leases.models import Lease
from leases.operators import describe, operators_like
from leases.services import assign_operator
from leases.training import training_until

MAX_OPTIONS = 12


class AssignsOperators(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        options = path("operators/", view(require_GET(self.operator_options)), name="leases_operator_options")
        assign = path("<uuid:lease_id>/assign/", view(require_POST(self.assign_page)), name="leases_lease_assign")
        return [options, assign, *super().get_urls()]

    def operator_options(self, request: HttpRequest) -> HttpResponse:
        """The active operators whom `q` may mean, with their training for devices of `type` up to the day `until`."""
        if not (self.has_change_permission(request) or request.user.has_perm("leases.add_lease")):
            raise PermissionDenied
        kind, until = request.GET.get("type", ""), _day(request.GET.get("until", ""))
        if not is_code(kind):
            raise Http404
        found = list(operators_like(request.GET.get("q", ""), device_type=kind)[: MAX_OPTIONS + 1])
        options = [_option(operator, until) for operator in found[:MAX_OPTIONS]]
        return JsonResponse({"operators": options, "more": len(found) > MAX_OPTIONS})

    def assign_page(self, request: HttpRequest, lease_id: UUID) -> HttpResponse:
        """Puts the operator of the form on the lease; a PRIMARY takes the place of the PRIMARY."""
        lease: Lease | None = self.get_object(request, str(lease_id))
        if not self.has_change_permission(request):
            raise PermissionDenied
        if lease is None:
            raise Http404
        try:
            messages.success(request, self._assign(request, lease))
        except DomainError as refusal:
            messages.error(request, f"{lease}: {refusal}")
        return HttpResponseRedirect(reverse("admin:leases_lease_change", args=[lease.pk]))

    def _assign(self, request: HttpRequest, lease: Lease) -> str:
        form = OperatorForm(request.POST)
        if not form.is_valid() or form.chosen is None:
            raise DomainError(next(iter(form.errors.values()), ["Choose an operator first"])[0])
        role = form.cleaned_data["role"]
        assign_operator(lease, by=back_office_actor(request.user), operator_id=form.chosen.pk, role=role)  # type: ignore[arg-type]
        self.log_change(request, lease, f"{form.chosen} assigned as {role}")
        return f"{form.chosen} is assigned as {role} and told by SMS."


def _option(operator: Any, until: Any) -> dict[str, Any]:
    training = training_until(operator.trained_until, needed_until=until)
    said = {"id": operator.pk, "name": operator.name, "phone": operator.user.phone, "label": describe(operator)}
    return said | {"training": {"tone": training.tone, "label": training.label}}


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
