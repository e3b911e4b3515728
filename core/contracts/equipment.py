"""Implement the equipment contract's envelope, error messages and pagination."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from core.contracts.api_errors import ApiError
from core.contracts.paging import Page, page_of, updated_since
from core.contracts.throttles import PerUser
from core.contracts.views import ContractView
from core.correlation import correlation_id

MESSAGES = {
    401: "Invalid or expired token",
    403: "Access denied",
    404: "Resource not found",
    405: "Method not allowed",
    413: "Request too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Internal server error",
    503: "Service unavailable",
}


def success(data: Any, message: str = "Operation successful", pagination: dict | None = None) -> dict[str, Any]:
    """Return the body of a successful response."""
    body = {"success": True, "message": message, "data": data}
    if pagination is not None:
        body["pagination"] = pagination
    return body | _trace()


def failure(refusal: ApiError) -> dict[str, Any]:
    """Return the body of an error response."""
    return {
        "success": False,
        "message": _message(refusal),
        "errorDetails": _details(refusal),
        "errorCode": str(refusal.status),
    } | _trace()


class EquipmentView(ContractView):
    """Extend viewsets of this contract with its replies."""

    throttle_classes: Any = (PerUser,)

    def reply(self, data: Any = None, *, message: str = "Operation successful", status: int = 200) -> Response:
        return Response(success(data, message), status=status)

    def reply_created(self, data: Any) -> Response:
        return self.reply(data, status=201)

    def reply_page(
        self, queryset: QuerySet, output: type[serializers.Serializer], *, pages: Callable[..., Page] = page_of
    ) -> Response:
        """Reply with one keyset page of `queryset` by the parameters `cursor`, `pageSize` and `updatedSince`."""
        asked = self.request.query_params
        if hasattr(queryset.model, "updated_at"):
            queryset = updated_since(queryset, asked.get("updatedSince"))
        page = pages(queryset, cursor=asked.get("cursor"), size=asked.get("pageSize"), size_name="pageSize")
        return Response(success(output(page.rows, many=True).data, pagination=_pagination(page)))


def _pagination(page: Page) -> dict[str, Any]:
    return {"nextCursor": page.next_cursor, "pageSize": page.size}


def _message(refusal: ApiError) -> str:
    if refusal.status == 400:
        return "Validation failed" if refusal.fields is not None or refusal.is_malformed else "Operation failed"
    if refusal.status == 401 and refusal.reason:
        return refusal.reason
    return MESSAGES.get(refusal.status, "Operation failed")


def _details(refusal: ApiError) -> str:
    if refusal.fields is not None:
        return "{" + ", ".join(f"{name}={messages[0]}" for name, messages in refusal.fields.items()) + "}"
    if refusal.status == 401:
        return "Authentication failed"
    return refusal.reason or MESSAGES.get(refusal.status, "Operation failed")


def _trace() -> dict[str, str]:
    now = datetime.now(UTC).replace(microsecond=0)
    return {"correlationId": correlation_id(), "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
