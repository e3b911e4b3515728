"""Serve health checks and the API documentation."""

import functools
from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from core.contracts.api_errors import ApiError
from core.contracts.equipment import EquipmentView, failure, success
from core.contracts.openapi import ContractsGenerator
from core.contracts.schema import documented
from core.health import failing_components

DOCS = "/docs"


class HealthViewSet(EquipmentView, ViewSet):
    authentication_classes: list = []
    permission_classes = [AllowAny]

    @documented()
    def live(self, request: Request) -> Response:
        """Report that this process responds."""
        return self.reply()

    @documented()
    def ready(self, request: Request) -> Response:
        """Report whether database, broker and channel layer respond; 503 names those which do not."""
        if failing := failing_components():
            return Response(failure(ApiError(503, f"No answer from: {', '.join(failing)}")), status=503)
        return self.reply()


class SchemaView(APIView):
    """Serve OpenAPI 3.1 as JSON, or as YAML with `?format=yaml`."""

    authentication_classes: list = []
    permission_classes = [AllowAny]
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]
    content_negotiation_class = DefaultContentNegotiation

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(openapi())


class DocsView(SpectacularSwaggerSplitView):
    """Render Swagger UI, outside of /api/, where no response is HTML."""

    authentication_classes: list = []
    permission_classes = [AllowAny]
    content_negotiation_class = DefaultContentNegotiation
    template_name = "docs.html"


class DocsPointerView(APIView):
    """Redirect from `/api/v1/docs` to the page."""

    authentication_classes: list = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(success(None, f"See {DOCS}"), status=302, headers={"Location": DOCS})


@functools.cache
def openapi() -> dict[str, Any]:
    """Return the OpenAPI document, generated once per process."""
    return ContractsGenerator().get_schema(request=None, public=True)
