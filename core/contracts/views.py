"""What the views of both contracts share, and what answers under /api/ where no resource does."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import NotFound


class ContractView:
    """Reading a request and saying what is left of its limit, the same in every contract."""

    request: Any

    def finalize_response(self, request: Request, response: Response, *args: Any, **options: Any) -> Response:
        response = super().finalize_response(request, response, *args, **options)  # type: ignore[misc]
        if usage := getattr(request, "rate_limit", None):
            for name, value in usage.headers.items():
                response[name] = value
        return response

    def read(self, shape: type[serializers.Serializer], data: Any = None, *, changing: Any = None) -> dict[str, Any]:
        """The request's body, or `data` in its place, in the given shape. Raises DRF's ValidationError.

        Of a change of the row `changing`, what is missing stays as it is.
        """
        body = self.request.data if data is None else data
        form = shape(changing, data=body, partial=changing is not None)
        form.is_valid(raise_exception=True)
        return form.validated_data


@csrf_exempt
def unknown_path(request: HttpRequest, **path: str) -> HttpResponse:
    """Every path that leads nowhere, whatever the method."""
    raise NotFound("No such path")
