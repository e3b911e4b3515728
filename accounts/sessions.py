"""Sessions: opening one, choosing its role, refreshing its tokens, ending it."""

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

# A phone on a bad network may never see the answer to its refresh and ask again with the token before.
REFRESH_GRACE = timedelta(minutes=2)


def open_session(user: User) -> tuple[Session, Tokens]:
    """Start a session without a role, and forget the user's dead ones. The user is active: the caller has checked."""
    Session.objects.filter(user=user, refreshed_at__lt=timezone.now() - settings.SESSION_IDLE_LIFETIME).delete()
    session = Session.objects.create(user=user, refresh_id=uuid.uuid4())
    return session, tokens_of(session)


@transaction.atomic
def choose_role(actor: Actor, role: str) -> tuple[Session, Tokens]:
    """Make `role` the session's active role; tokens issued before are void.

    Raises Forbidden for a role that the user does not hold, Unauthenticated where the session has just ended.
    """
    session = _locked(cast(uuid.UUID, actor.session_id))
    if role not in roles_of(actor.user):
        raise Forbidden("Role not assigned to user")
    session.active_role = role
    session.version += 1
    session.save(update_fields=["active_role", "version"])
    return session, tokens_of(session)


def refresh_session(token: str) -> tuple[Session, Tokens]:
    """New tokens for a refresh token, which is good once (and for REFRESH_GRACE again).

    A role that was taken away meanwhile is dropped. Raises Unauthenticated; a token used long after it was replaced
    is taken for stolen and ends its session.
    """
    claims = refresh_claims(token)
    session = _rotate(claims["sid"], offered=claims["rid"])
    if session.revoked_at is not None:
        raise Unauthenticated(INVALID_TOKEN)
    return session, tokens_of(session)


def end_session(actor: Actor) -> None:
    """Log out: every token of this session is void on every process at once."""
    Session.objects.filter(id=cast(uuid.UUID, actor.session_id), revoked_at=None).update(revoked_at=timezone.now())


def end_all_sessions(user: User) -> int:
    """Log a user out everywhere; answers how many sessions ended."""
    return Session.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def live_app_sessions(user: User) -> list[Session]:
    """Where a user is logged in with an app, the one used last first."""
    in_use = Session.objects.filter(refreshed_at__gt=timezone.now() - settings.SESSION_IDLE_LIFETIME)
    return list(in_use.filter(user=user, revoked_at=None).order_by("-refreshed_at"))


def roles_of(user: User) -> list[str]:
    """The roles that a user holds now, in the order in which they came."""
    return [assignment.role for assignment in user.role_assignments.all()]


@transaction.atomic
def _rotate(session_id: uuid.UUID, *, offered: uuid.UUID) -> Session:
    session, now = _locked(session_id), timezone.now()
    if offered == session.refresh_id:
        session.previous_refresh_id, session.refresh_id, session.refreshed_at = offered, uuid.uuid4(), now
    elif offered != session.previous_refresh_id or now - session.refreshed_at > REFRESH_GRACE:
        session.revoked_at = now
    if session.active_role not in {None, *roles_of(session.user)}:
        session.active_role = None
        session.version += 1
    session.save()
    return session


def _locked(session_id: uuid.UUID) -> Session:
    session = (
        Session.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=session_id, revoked_at=None, refreshed_at__gt=timezone.now() - settings.SESSION_IDLE_LIFETIME)
        .first()
    )
    if session is None or not session.user.is_active:
        raise Unauthenticated(INVALID_TOKEN)
    return session
