"""Write users and end their sessions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor, must_be_admin
from accounts.choices import Source
from accounts.models import RoleAssignment, Session, StaffSession, User
from accounts.policies import must_be_self_or_admin
from accounts.second_factor import reset_second_factor
from accounts.services.access import check_superuser_remains
from accounts.services.columns import update_columns
from accounts.sessions import end_all_sessions
from accounts.staff_sessions import end_staff_sessions
from core.errors import DomainError, NotFound

OWN_ACCOUNT = "You cannot deactivate yourself"
SESSION_ENDED = "This session has ended already"


@transaction.atomic
def get_or_create_user(*, phone: str, role: str, by: Actor | None = None) -> User:
    """Return the user with this phone (E.164). A new one is created with `role`, by an actor or by logging in."""
    user, is_new = User.objects.get_or_create(phone=phone, defaults={"password": make_password(None)})
    if is_new:
        changed_by_id, source = (by.user.pk, by.source) if by else (None, Source.API)
        RoleAssignment.objects.grant(user, role, changed_by_id=changed_by_id, source=source)
    return user


@transaction.atomic
def change_user(user: User, *, by: Actor, changes: Mapping[str, Any]) -> User:
    """Change personal columns of a user: name, language, PIN code, location, phone."""
    user = User.objects.lock(user.pk)
    must_be_self_or_admin(user, by)
    return update_columns(user, changes)


@transaction.atomic
def deactivate_user(user: User, *, by: Actor) -> User:
    """Deactivate a user and end all sessions. Raises DomainError for oneself and for the last active superuser."""
    user = User.objects.lock(user.pk)
    must_be_admin(by)
    if user.pk == by.user.pk:
        raise DomainError(OWN_ACCOUNT)
    if user.is_superuser:
        check_superuser_remains(without=user)
    _end_everywhere(user)
    return update_columns(user, {"is_active": False})


@transaction.atomic
def reactivate_user(user: User, *, by: Actor) -> User:
    """Activate a deactivated user, who has to log in again."""
    user = User.objects.lock(user.pk)
    must_be_admin(by)
    return update_columns(user, {"is_active": True})


@transaction.atomic
def log_out_everywhere(user: User, *, by: Actor) -> int:
    """End all sessions of a user, of apps and of the back office. Return how many were ended."""
    must_be_admin(by)
    return _end_everywhere(user)


@transaction.atomic
def end_one_session(user: User, *, by: Actor, session_id: UUID) -> None:
    """End one session of a user, of an app or of the back office. Raises NotFound if it has ended already."""
    must_be_self_or_admin(user, by)
    of_app = Session.objects.filter(pk=session_id, user=user, revoked_at=None)
    of_staff = StaffSession.objects.filter(pk=session_id, user=user)
    if not of_app.update(revoked_at=timezone.now()) and not end_staff_sessions(of_staff):
        raise NotFound(SESSION_ENDED)


@transaction.atomic
def reset_user_second_factor(user: User, *, by: Actor) -> None:
    """Remove the second factor of a user and end their back-office sessions. Raises Forbidden, DomainError."""
    reset_second_factor(user, by=by)
    end_staff_sessions(StaffSession.objects.filter(user=user))


def _end_everywhere(user: User) -> int:
    return end_all_sessions(user) + end_staff_sessions(StaffSession.objects.filter(user=user))
