"""Choose the contract of a request, and render errors raised outside of views in its envelope."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.contracts import equipment, territory
from core.contracts.api_errors import ApiError, api_error_from

View = Callable[..., HttpResponse]

API_PREFIX = "/api/"
_STATUS_OF_AN_ORDER = re.compile(r"/api/v1/orders/[^/]+/status")


def contract_of(request: Any) -> ModuleType:
    """Return the territory contract for requests with its header and for `PUT /orders/{id}/status`; else equipment.

    (decisions, section 1)
    """
    puts_a_status = request.method == "PUT" and _STATUS_OF_AN_ORDER.fullmatch(request.path) is not None
    return territory if territory.HEADER in request.headers or puts_a_status else equipment


@dataclass(frozen=True)
class ByContract:
    """Dispatch a path shared by both contracts to the view of the request's contract."""

    equipment: View
    territory: View

    csrf_exempt = True  # as its views are

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = self.territory if contract_of(request) is territory else self.equipment
        return view(request, *args, **kwargs)


def by_contract(*, speaking_equipment: View, speaking_territory: View) -> View:
    """Return the view of a path that both contracts share."""
    return ByContract(speaking_equipment, speaking_territory)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Render an exception raised in a view in the contract's envelope (DRF's EXCEPTION_HANDLER)."""
    set_rollback()
    refusal = api_error_from(error)
    return Response(contract_of(context["request"]).failure(refusal), status=refusal.status, headers=refusal.headers)


class EnvelopeMiddleware:
    """Render errors of Django and other middleware under `/api/` in the contract's envelope instead of HTML."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API_PREFIX):
            return response
        if response.status_code >= 400 and not _is_json(response):
            response = _enveloped(request, ApiError(response.status_code))
        # Responses are personal; no proxy or shared phone may cache them.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _enveloped(request, api_error_from(error)) if request.path.startswith(API_PREFIX) else None


def _is_json(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("application/json")


def _enveloped(request: HttpRequest, refusal: ApiError) -> HttpResponse:
    body = contract_of(request).failure(refusal)
    return JsonResponse(body, status=refusal.status, headers=refusal.headers)
