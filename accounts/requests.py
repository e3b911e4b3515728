"""Type the requests of authenticated callers, and narrow those of staff."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import User


class ActorRequest(Request):
    """Annotate a request that is authenticated: `request.auth` is the caller's Actor."""

    user: User
    auth: Actor


class OptionalActorRequest(Request):
    """Annotate a request to an endpoint that is open to all: `request.auth` is None without a token."""

    auth: Actor | None


def staff_user(request: HttpRequest) -> User:
    """Return the user behind a request to an admin page. Raises PermissionDenied if there is none."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
