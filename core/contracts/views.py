"""What answers under /api/ where no resource does."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from core.errors import NotFound


@csrf_exempt
def unknown_path(request: HttpRequest, **path: str) -> HttpResponse:
    """Every path that leads nowhere, whatever the method."""
    raise NotFound("No such path")
