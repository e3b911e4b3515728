"""Telling OpenAPI what the views of the equipment contract take and answer, envelope included."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers

Method = TypeVar("Method", bound=Callable)
Shape = type[serializers.BaseSerializer]

_PAGING = {
    "cursor": "`pagination.nextCursor` of the page before.",
    "pageSize": "1 to 200; 50 when missing.",
    "updatedSince": "Only what changed at or after this ISO-8601 instant.",
}


def documented(
    *,
    request: Any = None,
    response: Shape | None = None,
    page: Shape | None = None,
    status: int = 200,
    query: Mapping[str, str] | None = None,
) -> Callable[[Method], Method]:
    """Document one method of a viewset; the first line of its docstring becomes the description.

        @documented(request=PlaceOrderInput, response=OrderOutput, status=201)
        def create(self, request): ...

        @documented(page=OrderOutput, query={"status": "Only orders in this state."})
        def list(self, request): ...

    `response` is the shape of `data` (None: `data` is null), `page` that of the rows of a list answered by
    `reply_page`. A multipart body is `request={"multipart/form-data": UploadInput}`. Refusals are documented for all.
    Routes name the type of their parameters (`<str:order_id>`), and no two serializers share a name.
    """
    parameters = (_PAGING if page else {}) | dict(query or {})

    def decorate(method: Method) -> Method:
        return extend_schema(
            operation_id=_operation_id(method),
            request=request,
            parameters=[OpenApiParameter(name, str, description=text) for name, text in parameters.items()],
            responses={status: _reply(response, page), "4XX": RefusalReply, "5XX": RefusalReply},
        )(method)

    return decorate


class _Traced(serializers.Serializer):
    correlationId = serializers.CharField()
    timestamp = serializers.DateTimeField()


class RefusalReply(_Traced):
    """Every answer that says no."""

    success = serializers.BooleanField(default=False)
    message = serializers.CharField()
    errorDetails = serializers.CharField()
    errorCode = serializers.CharField()


class PageReply(serializers.Serializer):
    nextCursor = serializers.CharField(allow_null=True)
    pageSize = serializers.IntegerField()


@extend_schema_field({"type": "null"})
class _Nothing(serializers.Field):
    pass


@functools.cache
def _reply(response: Shape | None, page: Shape | None) -> Shape:
    # Cached: OpenAPI takes two classes of one name for a clash.
    fields: dict[str, serializers.Field] = {
        "success": serializers.BooleanField(default=True),
        "message": serializers.CharField(),
    }
    if page:
        name = f"{page.__name__}PageReply"
        fields |= {"data": page(many=True), "pagination": PageReply()}
    else:
        name = f"{response.__name__}Reply" if response else "NothingReply"
        fields["data"] = response() if response else _Nothing()
    return type(name, (_Traced,), fields)


def _operation_id(method: Callable) -> str:
    view, name = method.__qualname__.split(".")[-2:]
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", re.sub(r"View(Set)?$", "", view)).lower()
    return f"{words}_{name}"
