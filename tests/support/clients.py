"""API clients that speak for somebody."""

from typing import Any

from rest_framework.test import APIClient

from accounts.actors import Actor, Source
from accounts.models import Role, User
from accounts.sessions import choose_role, open_session

JSON = "application/json"


def actor(user: User, role: str | None = None, source: Source = Source.API) -> Actor:
    """The user acting in `role`; without one, in the first role held."""
    role = role or user.role_assignments.first().role
    return Actor(
        user=user, role=role, vle=getattr(user, "vle_profile", None) if role == Role.VLE else None, source=source
    )


def token_of(user: User, role: str | None = None) -> str:
    """A real access token of a real session with `role` active; without one, the first role held."""
    session, _ = open_session(user)
    role = role or user.role_assignments.first().role
    return choose_role(Actor(user=user, role=None, session_id=session.pk), role)[1].access


def api_client(user: User | None = None, role: str | None = None, *, territory: str | None = None) -> "Client":
    """A client that speaks the territory contract where a territory is named, else the equipment contract."""
    client, headers = Client(), {}
    if user is not None:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {token_of(user, role)}"
    if territory is not None:
        headers["HTTP_TERRITORY_ID"] = territory
    client.credentials(**headers)
    return client


class Client(APIClient):
    """Sends JSON unless told otherwise, to paths below /api/v1; errors in views raise no exception here."""

    default_format = "json"

    def __init__(self, **options: Any):
        super().__init__(raise_request_exception=False, **options)

    def generic(self, method: str, path: str, *args: Any, **options: Any) -> Any:
        return super().generic(method, path if path.startswith("/api/") else f"/api/v1{path}", *args, **options)

    def request(self, **environ: Any) -> Any:
        response = super().request(**environ)
        response.body = response.json() if response.headers.get("Content-Type", "").startswith(JSON) else None
        return response
