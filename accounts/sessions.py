"""Sessions and their tokens: opening, choosing a role, refreshing, ending."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.actors import Actor
from accounts.models import Session, User
from core.errors import Forbidden, Invalid, Unauthenticated

# A phone on a bad network may never see the answer to its refresh and ask again with the token before.
REFRESH_GRACE = timedelta(minutes=2)
INVALID_TOKEN = "Invalid or expired token"


@dataclass(frozen=True)
class Tokens:
    """What a client keeps: the access token for its requests, the refresh token for the next access token."""

    access: str
    refresh: str


def open_session(user: User) -> tuple[Session, Tokens]:
    """Start a session without a role. The user is active: the caller has checked."""
    session = Session.objects.create(user=user, refresh_id=uuid.uuid4())
    return session, tokens_of(session)


@transaction.atomic
def choose_role(actor: Actor, role: str) -> tuple[Session, Tokens]:
    """Make `role` the session's active role; tokens issued before are void.

    Raises Forbidden for a role that the user does not hold, Unauthenticated where the session has just ended.
    """
    session = _locked(actor.session_id)
    if not actor.user.role_assignments.filter(role=role).exists():
        raise Forbidden("Role not assigned to user")
    session.active_role = role
    session.version += 1
    session.save(update_fields=["active_role", "version"])
    return session, tokens_of(session)


def refresh_session(token: object) -> tuple[Session, Tokens]:
    """New tokens for a refresh token, which is good once (and for REFRESH_GRACE again).

    A role that was taken away meanwhile is dropped. Raises Unauthenticated; a token used long after it was replaced
    is taken for stolen and ends its session.
    """
    claims = _verified_refresh(token)
    session = _rotate(claims["sid"], offered=uuid.UUID(claims["rid"]))
    if session.revoked_at is not None:
        raise Unauthenticated(INVALID_TOKEN)
    return session, tokens_of(session)


def end_session(actor: Actor) -> None:
    """Log out: every token of this session is void on every process at once."""
    Session.objects.filter(pk=actor.session_id, revoked_at=None).update(revoked_at=timezone.now())


def end_all_sessions(user: User) -> int:
    """Log a user out everywhere; answers how many sessions ended."""
    return Session.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def tokens_of(session: Session) -> Tokens:
    """Signed tokens that say what the session says now."""
    return Tokens(access=_access_token(session), refresh=_refresh_token(session))


@transaction.atomic
def _rotate(session_id: str, *, offered: uuid.UUID) -> Session:
    session, now = _locked(session_id), timezone.now()
    if offered == session.refresh_id:
        session.previous_refresh_id, session.refresh_id, session.refreshed_at = offered, uuid.uuid4(), now
    elif offered != session.previous_refresh_id or now - session.refreshed_at > REFRESH_GRACE:
        session.revoked_at = now
    if session.active_role not in {None, *active_roles(session.user)}:
        session.active_role = None
        session.version += 1
    session.save()
    return session


def _access_token(session: Session) -> str:
    token = AccessToken()
    token["sub"] = str(session.user_id)
    token["sid"] = str(session.pk)
    token["ver"] = session.version
    token["activeRole"] = session.active_role
    return str(token)


def _refresh_token(session: Session) -> str:
    token = RefreshToken()
    token["sub"] = str(session.user_id)
    token["sid"] = str(session.pk)
    token["rid"] = str(session.refresh_id)
    return str(token)


def _verified_refresh(token: object) -> dict:
    if not isinstance(token, str) or not token:
        raise Invalid({"refreshToken": "Refresh token is required"})
    try:
        claims = RefreshToken(token).payload  # type: ignore[arg-type]
        uuid.UUID(claims["sid"]), uuid.UUID(claims["rid"])
    except (TokenError, KeyError, ValueError, TypeError, AttributeError):
        raise Unauthenticated(INVALID_TOKEN) from None
    return claims


def _locked(session_id: object) -> Session:
    session = (
        Session.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=session_id, revoked_at=None, refreshed_at__gt=timezone.now() - settings.SESSION_IDLE_LIFETIME)
        .first()
    )
    if session is None or not session.user.is_active:
        raise Unauthenticated(INVALID_TOKEN)
    return session


def active_roles(user: User) -> list[str]:
    """The roles that a user holds now, in the order in which they came."""
    return [assignment.role for assignment in user.role_assignments.all()]
