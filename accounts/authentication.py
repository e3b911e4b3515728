"""Authenticate requests by the `Authorization` header, against the database at every request.

A token is valid while its session is live and agrees with it, its user is active and the role is still held. So logging
out, losing a role or being deactivated acts at the next request, on every process.
"""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import Role, RoleAssignment, Session, User, VleProfile
from accounts.tokens import INVALID_TOKEN, access_claims
from core.errors import Unauthenticated


class SessionTokenAuthentication(BaseAuthentication):
    """Authenticate by `Authorization: Bearer <token>`; sets `request.user` to the user, `request.auth` to the actor."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        parts = request.META.get("HTTP_AUTHORIZATION", "").split()
        if not parts:
            return None
        if len(parts) != 2 or parts[0].lower() != "bearer":
            raise Unauthenticated(INVALID_TOKEN)
        actor = actor_of(parts[1])
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionTokenScheme(OpenApiAuthenticationExtension):
    """Document the authentication in OpenAPI."""

    target_class = SessionTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def actor_of(token: str) -> Actor:
    """Resolve an access token to its Actor. Raises Unauthenticated if it is invalid, expired or revoked."""
    claims = access_claims(token)
    session: Any = _live_session(claims["sid"])
    if session is None or (session.version, session.user_id) != (claims.get("ver"), claims["sub"]):
        raise Unauthenticated(INVALID_TOKEN)
    # A revoked role counts as none: what needs one is refused, logging out and choosing another role still work.
    role = session.active_role if session.role_is_held else None
    return Actor(user=session.user, role=role, vle=_profile(session.user, role), session_id=session.pk)


def live_sessions() -> QuerySet[Session]:
    """Filter to live sessions of active users, annotated with `role_is_held`: whether the active role is still held."""
    held = RoleAssignment.objects.filter(user=OuterRef("user_id"), role=OuterRef("active_role"))
    return Session.objects.annotate(role_is_held=Exists(held)).filter(revoked_at=None, user__is_active=True)


def _live_session(session_id: UUID) -> Session | None:
    return live_sessions().select_related("user__vle_profile").filter(pk=session_id).first()


def _profile(user: User, role: str | None) -> VleProfile | None:
    return getattr(user, "vle_profile", None) if role == Role.VLE else None
