"""Provide what the views of both contracts share, and the answer under /api/ where there is no resource."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import DomainError, NotFound
from core.state_machine import Policy


class ContractView:
    """Read a request and report the rest of its rate limit, the same in every contract."""

    request: Any

    def finalize_response(self, request: Request, response: Response, *args: Any, **options: Any) -> Response:
        response = super().finalize_response(request, response, *args, **options)  # type: ignore[misc]
        if usage := getattr(request, "rate_limit", None):
            for name, value in usage.headers.items():
                response[name] = value
        return response

    @property
    def caller(self) -> Any:
        """Return the actor to ask policies about; a view whose policies take another kind of actor overrides it."""
        return self.request.auth

    def read(
        self,
        shape: type[serializers.Serializer],
        data: Any = None,
        *,
        changing: Any = None,
        policy: Policy | None = None,
        subject: Any = None,
    ) -> dict[str, Any]:
        """Validate the request's body, or `data` in its place, and return it in the given shape.

        Of a change of the row `changing`, what is missing stays as it is. Raises DRF's ValidationError or ParseError,
        or what `policy(subject, caller)` raises: it is asked only about an unusable body, so that a caller who may not
        do this at all is told so first. With a usable body the service asks it.
        """
        try:
            form = shape(changing, data=self.request.data if data is None else data, partial=changing is not None)
            form.is_valid(raise_exception=True)
        except (APIException, DomainError, SuspiciousOperation):
            if policy is not None:
                policy(subject, self.caller)
            raise
        return form.validated_data


@csrf_exempt
def unknown_path(request: HttpRequest, **path: str) -> HttpResponse:
    """Answer every unknown path, whatever the method. Raises NotFound."""
    raise NotFound("No such path")
