"""The one rule that decides which contract a request speaks, and the envelope of all that fails before a view."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.contracts import equipment
from core.contracts.refusals import Refusal, refusal_of

API_PREFIX = "/api/"


def contract_of(request: Any) -> ModuleType:
    """The contract that `request` speaks: the equipment contract, as long as it is the only one."""
    return equipment


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's hook: any error raised in a view, in the envelope of the request's contract."""
    set_rollback()
    refusal = refusal_of(error)
    return Response(contract_of(context["request"]).failure(refusal), status=refusal.status, headers=refusal.headers)


class EnvelopeMiddleware:
    """No HTML under `/api/`: errors made by Django itself, or by middleware, get the contract's envelope too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API_PREFIX):
            return response
        if response.status_code >= 400 and not _is_json(response):
            response = _enveloped(request, Refusal(response.status_code))
        # Answers are personal; no proxy or shared phone may keep one.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _enveloped(request, refusal_of(error)) if request.path.startswith(API_PREFIX) else None


def _is_json(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("application/json")


def _enveloped(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    body = contract_of(request).failure(refusal)
    return JsonResponse(body, status=refusal.status, headers=refusal.headers)
