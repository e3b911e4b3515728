"""Sessions of apps: opened, given a role, refreshed and ended."""

import uuid
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Session, User
from accounts.tokens import INVALID_TOKEN, Tokens, refresh_claims, tokens_of
from core.errors import Forbidden, Unauthenticated

# On a bad network the answer to a refresh may be lost: the client then sends the same refresh token again.
REFRESH_GRACE = timedelta(minutes=2)
ROLE_NOT_HELD = "Role not assigned to user"


def open_session(user: User) -> tuple[Session, Tokens]:
    """Create a session without a role for an active user, and delete the user's expired sessions."""
    Session.objects.filter(user=user, refreshed_at__lt=timezone.now() - settings.SESSION_IDLE_LIFETIME).delete()
    session = Session.objects.create(user=user, refresh_id=uuid.uuid4())
    return session, tokens_of(session)


@transaction.atomic
def choose_role(actor: Actor, role: str) -> tuple[Session, Tokens]:
    """Set the active role of the actor's session, which voids all tokens issued before.

    Raises Forbidden if the user does not hold the role, Unauthenticated if the session has ended.
    """
    session = _lock(cast(uuid.UUID, actor.session_id))
    if role not in roles_of(actor.user):
        raise Forbidden(ROLE_NOT_HELD)
    session.active_role = role
    session.version += 1
    session.save(update_fields=["active_role", "version"])
    return session, tokens_of(session)


def refresh_session(token: str) -> tuple[Session, Tokens]:
    """Exchange a refresh token for new tokens. It works once, and again within REFRESH_GRACE.

    Clears an active role that is no longer held. Raises Unauthenticated; a token used later than REFRESH_GRACE after
    it was replaced counts as stolen and ends its session.
    """
    claims = refresh_claims(token)
    session = _rotate(claims["sid"], offered=claims["rid"])
    if session.revoked_at is not None:
        raise Unauthenticated(INVALID_TOKEN)
    return session, tokens_of(session)


def end_session(actor: Actor) -> None:
    """Log out: revoke the actor's session, which voids its tokens on every process."""
    Session.objects.filter(id=cast(uuid.UUID, actor.session_id), revoked_at=None).update(revoked_at=timezone.now())


def end_all_sessions(user: User) -> int:
    """Revoke all app sessions of a user. Return how many were revoked."""
    return Session.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def live_app_sessions(user: User) -> list[Session]:
    """List the live app sessions of a user, the last used first."""
    in_use = Session.objects.filter(refreshed_at__gt=timezone.now() - settings.SESSION_IDLE_LIFETIME)
    return list(in_use.filter(user=user, revoked_at=None).order_by("-refreshed_at"))


def roles_of(user: User) -> list[str]:
    """List the roles that a user holds now, in the order in which they were granted."""
    return [assignment.role for assignment in user.role_assignments.all()]


@transaction.atomic
def _rotate(session_id: uuid.UUID, *, offered: uuid.UUID) -> Session:
    session, now = _lock(session_id), timezone.now()
    if offered == session.refresh_id:
        session.previous_refresh_id, session.refresh_id, session.refreshed_at = offered, uuid.uuid4(), now
    elif offered != session.previous_refresh_id or now - session.refreshed_at > REFRESH_GRACE:
        session.revoked_at = now
    if session.active_role not in {None, *roles_of(session.user)}:
        session.active_role = None
        session.version += 1
    session.save()
    return session


def _lock(session_id: uuid.UUID) -> Session:
    session = (
        Session.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=session_id, revoked_at=None, refreshed_at__gt=timezone.now() - settings.SESSION_IDLE_LIFETIME)
        .first()
    )
    if session is None or not session.user.is_active:
        raise Unauthenticated(INVALID_TOKEN)
    return session
