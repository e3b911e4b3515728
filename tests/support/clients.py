"""Create API clients that are authenticated as a user."""

from typing import Any

from rest_framework.test import APIClient

from accounts.actors import Actor, Source
from accounts.models import Role, User
from accounts.sessions import choose_role, open_session

JSON = "application/json"


def actor(user: User, role: str | None = None, source: Source = Source.API) -> Actor:
    """Return an Actor of the user in `role`, by default in the first role held."""
    role = role or user.role_assignments.first().role
    return Actor(
        user=user, role=role, vle=getattr(user, "vle_profile", None) if role == Role.VLE else None, source=source
    )


def token_of(user: User, role: str | None = None) -> str:
    """Return an access token of a new session with `role` active, by default the first role held."""
    session, _ = open_session(user)
    role = role or user.role_assignments.first().role
    return choose_role(Actor(user=user, role=None, session_id=session.pk), role)[1].access


def api_client(user: User | None = None, role: str | None = None, *, territory: str | None = None) -> "Client":
    """Return a client of the territory contract if a territory is given, else of the equipment contract."""
    client, headers = Client(), {}
    if user is not None:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {token_of(user, role)}"
    if territory is not None:
        headers["HTTP_TERRITORY_ID"] = territory
    client.credentials(**headers)
    return client


class Client(APIClient):
    """Send JSON by default, to paths below /api/v1; exceptions in views become responses."""

    default_format = "json"

    def __init__(self, **options: Any):
        super().__init__(raise_request_exception=False, **options)

    def generic(self, method: str, path: str, *args: Any, **options: Any) -> Any:
        return super().generic(method, path if path.startswith("/api/") else f"/api/v1{path}", *args, **options)

    def request(self, **environ: Any) -> Any:
        response = super().request(**environ)
        response.body = response.json() if response.headers.get("Content-Type", "").startswith(JSON) else None
        return response
