"""Implement the territory contract's envelope, error codes, error messages and pagination."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import errors
from core.contracts.api_errors import ApiError
from core.contracts.paging import Page, page_of, updated_since
from core.contracts.throttles import PerTerritory
from core.contracts.views import ContractView

HEADER = "Territory-Id"
HEADER_REQUIRED = f"{HEADER} is required"
HEADER_MALFORMED = f"{HEADER} must be one territory id"
MAX_TERRITORY_ID_LENGTH = 50

CODES = {
    400: ("VALIDATION_ERROR", "Invalid request data"),
    401: ("UNAUTHENTICATED", "Invalid or expired token"),
    403: ("PERMISSION_DENIED", "Insufficient permissions"),
    404: ("NOT_FOUND", "Resource not found"),
    405: ("METHOD_NOT_ALLOWED", "Method not allowed"),
    413: ("PAYLOAD_TOO_LARGE", "Request too large"),
    415: ("UNSUPPORTED_MEDIA_TYPE", "Unsupported media type"),
    429: ("RATE_LIMITED", "Too many requests"),
    500: ("INTERNAL_ERROR", "Internal server error"),
    503: ("UNAVAILABLE", "Service unavailable"),
}


def requested_territory(request: Request) -> str:
    """Return the territory id of the header. Raises Invalid if it is missing, empty, sent twice or malformed."""
    territory_id = request.headers.get(HEADER, "").strip()
    if not territory_id:
        raise errors.Invalid({HEADER: HEADER_REQUIRED})
    # A header that is sent twice arrives as a list.
    is_one_id = "," not in territory_id and territory_id.isascii() and territory_id.isprintable()
    if len(territory_id) > MAX_TERRITORY_ID_LENGTH or not is_one_id:
        raise errors.Invalid({HEADER: HEADER_MALFORMED})
    return territory_id


def success(data: Any, pagination: dict | None = None) -> dict[str, Any]:
    """Return the body of a successful response."""
    body = {"status": "success", "data": data}
    return body if pagination is None else body | {"pagination": pagination}


def failure(refusal: ApiError) -> dict[str, Any]:
    """Return the body of an error response."""
    code, message = CODES.get(refusal.status, CODES[400])
    error = {"code": code, "message": refusal.reason or message, "details": {}}
    if refusal.fields is not None:
        error |= {"message": message, "details": refusal.fields}
    return {"status": "error", "error": error | _error_body(refusal.cause)}


class TerritoryView(ContractView):
    """Extend viewsets of this contract with its replies."""

    throttle_classes: Any = (PerTerritory,)

    def reply(self, data: Any, *, status: int = 200) -> Response:
        return Response(success(data), status=status)

    def reply_created(self, data: Any) -> Response:
        return self.reply(data, status=201)

    def reply_page(
        self,
        queryset: QuerySet,
        output: type[serializers.Serializer],
        *,
        pages: Callable[..., Page] = page_of,
        **context: Any,
    ) -> Response:
        """Reply with one keyset page of `queryset` by the parameters `cursor`, `pageSize` and `updatedSince`."""
        asked = self.request.query_params
        if hasattr(queryset.model, "updated_at"):
            queryset = updated_since(queryset, asked.get("updatedSince"))
        page = pages(queryset, cursor=asked.get("cursor"), size=asked.get("pageSize"), size_name="pageSize")
        return Response(success(output(page.rows, many=True, context=context).data, _pagination(page)))


def _error_body(cause: Exception | None) -> dict[str, Any]:
    """Return code, message and details that the cause of an error defines in this contract."""
    if isinstance(cause, errors.InvalidTransition):
        message = f"Cannot transition from {cause.current} to {cause.wanted}"
        return {"code": "INVALID_STATUS", "message": message}
    if isinstance(cause, errors.DomainError) and cause.code:
        return {"code": cause.code, "details": cause.details}
    return {}


def _pagination(page: Page) -> dict[str, Any]:
    return {"next_cursor": page.next_cursor, "page_size": page.size}
