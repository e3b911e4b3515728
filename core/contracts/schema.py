"""Describe requests and responses of views for OpenAPI, in the envelope of their contract."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core.contracts import territory

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
    response: type[serializers.Field] | None = None,
    many: bool = False,
    page: Shape | None = None,
    status: int = 200,
    query: Mapping[str, str] | None = None,
) -> Callable[[Method], Method]:
    """Document one method of a viewset; the first line of its docstring becomes the description.

        @documented(request=PlaceOrderInput, response=OrderOutput, status=201)
        def create(self, request): ...

        @documented(page=OrderOutput, query={"status": "Only orders in this state."})
        def list(self, request): ...

    `response` is the shape of `data` (None: `data` is null), or of each of `many`; `page` that of the rows of a list
    answered by `reply_page`. A multipart body is `request={"multipart/form-data": UploadInput}`. Refusals are
    documented for all. Routes name the type of their parameters (`<str:order_id>`), and no two serializers share a
    name.
    """
    reply = _reply(response, page, many)  # type: ignore[arg-type]
    return _documented(request, _query(page, query), {status: reply}, ErrorReply)


def documented_in_territory(
    *,
    request: Any = None,
    response: Shape | None = None,
    page: Shape | None = None,
    status: int = 200,
    query: Mapping[str, str] | None = None,
) -> Callable[[Method], Method]:
    """Document one method of a viewset of the territory contract, as `documented` does."""
    header = OpenApiParameter(
        territory.HEADER, str, OpenApiParameter.HEADER, required=True, description="The territory that is spoken for."
    )
    reply = _territory_reply(response, page)  # type: ignore[arg-type]
    return _documented(request, [header, *_query(page, query)], {status: reply}, TerritoryErrorReply)


def _query(page: Shape | None, query: Mapping[str, str] | None) -> list[OpenApiParameter]:
    parameters = (_PAGING if page else {}) | dict(query or {})
    return [OpenApiParameter(name, str, description=text) for name, text in parameters.items()]


def _documented(
    request: Any, parameters: list[OpenApiParameter], replies: dict[int, Shape], refusal: Shape
) -> Callable[[Method], Method]:
    def decorate(method: Method) -> Method:
        return extend_schema(
            operation_id=_operation_id(method),
            request=request,
            parameters=parameters,
            responses=replies | {"4XX": refusal, "5XX": refusal},
        )(method)

    return decorate


class _Traced(serializers.Serializer):
    correlationId = serializers.CharField()
    timestamp = serializers.DateTimeField()


class ErrorReply(_Traced):
    """Describe every error response."""

    success = serializers.BooleanField(default=False)
    message = serializers.CharField()
    errorDetails = serializers.CharField()
    errorCode = serializers.CharField()


class PageReply(serializers.Serializer):
    nextCursor = serializers.CharField(allow_null=True)
    pageSize = serializers.IntegerField()


class TerritoryError(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()


class TerritoryErrorReply(serializers.Serializer):
    """Describe every error response to a request with a territory."""

    status = serializers.ChoiceField(choices=["error"])
    error = TerritoryError()


class TerritoryPageReply(serializers.Serializer):
    next_cursor = serializers.CharField(allow_null=True)
    page_size = serializers.IntegerField()


@extend_schema_field({"type": "null"})
class _Nothing(serializers.Field):
    pass


@functools.cache
def _reply(response: Shape | None, page: Shape | None, many: bool) -> Shape:
    # Cached: drf-spectacular reports two classes of one name as a conflict.
    fields: dict[str, serializers.Field] = {
        "success": serializers.BooleanField(default=True),
        "message": serializers.CharField(),
    }
    if page:
        name = f"{page.__name__}PageReply"
        fields |= {"data": page(many=True), "pagination": PageReply()}
    else:
        name = f"{response.__name__}{'s' * many}Reply" if response else "NothingReply"
        data = response() if response else _Nothing()
        fields["data"] = serializers.ListField(child=data) if many else data
    return _envelope(name, _Traced, fields)


@functools.cache
def _territory_reply(response: Shape | None, page: Shape | None) -> Shape:
    fields: dict[str, serializers.Field] = {"status": serializers.ChoiceField(choices=["success"])}
    if page:
        fields |= {"data": page(many=True), "pagination": TerritoryPageReply()}
        return _envelope(f"{page.__name__}PageReply", serializers.Serializer, fields)
    assert response is not None, "every answer of this contract has data"
    return _envelope(f"{response.__name__}Reply", serializers.Serializer, fields | {"data": response()})


def _envelope(name: str, base: Shape, fields: dict[str, serializers.Field]) -> Shape:
    # Otherwise the response of every method called `list` is described as an array of envelopes.
    return extend_schema_serializer(many=False)(type(name, (base,), fields))


def _operation_id(method: Callable) -> str:
    view, name = method.__qualname__.split(".")[-2:]
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", re.sub(r"View(Set)?$", "", view)).lower()
    return f"{words}_{name}"
