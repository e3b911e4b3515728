"""Operators on the page of a lease: search while typing, and assignment."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from core.admin.base import BaseAdmin
from core.admin.views import guarded_view, log_and_show, object_post
from core.errors import DomainError
from devices.queries import is_code
from leases.admin.creation import may_create_leases
from leases.admin.forms import OperatorForm
from leases.models import Lease
from leases.operators import describe, operators_like
from leases.services import assign_operator
from leases.training import training_until

MAX_OPTIONS = 12
NONE_SELECTED = "Choose an operator first"


class OperatorsAdmin(BaseAdmin):
    """Add the search of operators, and the POST that assigns one to a lease."""

    def get_urls(self) -> list[URLPattern]:
        view, name = require_GET(self.operator_options_view), "leases_operator_options"
        return [
            guarded_view(self, "operators/", view, name=name, permission=self.may_search_operators),
            object_post(self, "<uuid:object_id>/assign/", self.assign_view, name="assign"),
            *super().get_urls(),
        ]

    def may_search_operators(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) or may_create_leases(request)

    def operator_options_view(self, request: HttpRequest) -> HttpResponse:
        """Return JSON: active operators that match `q`, with their training for devices of `type` until `until`."""
        device_type, until = request.GET.get("type", ""), _parse_day(request.GET.get("until", ""))
        if not is_code(device_type):
            raise Http404
        operators = list(operators_like(request.GET.get("q", ""), device_type=device_type)[: MAX_OPTIONS + 1])
        options = [_option(operator, until) for operator in operators[:MAX_OPTIONS]]
        return JsonResponse({"operators": options, "more": len(operators) > MAX_OPTIONS})

    def assign_view(self, request: HttpRequest, lease: Lease) -> None:
        """Assign the operator of the form; a PRIMARY replaces the PRIMARY. Raises DomainError."""
        form = OperatorForm(request.POST)
        if not form.is_valid() or form.selected is None:
            raise DomainError(next(iter(form.errors.values()), [NONE_SELECTED])[0])
        role = form.cleaned_data["role"]
        assign_operator(lease, by=self.get_actor(request), operator_id=form.selected.pk, role=role)
        message = f"{form.selected} is assigned as {role} and told by SMS."
        log_and_show(self, request, lease, message, log=f"{form.selected} assigned as {role}")


def _option(operator: Any, until: date | None) -> dict[str, Any]:
    training = training_until(operator.trained_until, needed_until=until)
    option = {"id": operator.pk, "name": operator.name, "phone": operator.user.phone, "label": describe(operator)}
    return option | {"training": {"tone": training.tone, "label": training.label}}


def _parse_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
