"""What writes people: registering, changing and shutting out users, granting roles, making VLEs and operators."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone

from accounts.actors import Actor, must_be_admin
from accounts.back_office import end_staff_sessions
from accounts.models import Operator, OperatorTraining, Role, RoleAssignment, Session, StaffSession, User, VleProfile
from accounts.phones import canonical_phone
from accounts.policies import must_be_self_or_admin
from accounts.second_factor import reset_second_factor
from accounts.sessions import end_all_sessions
from core.database import translate_constraint_errors
from core.errors import DomainError, Invalid, NotFound

VLE_EXISTS = "VLE profile already exists for this user"
OPERATOR_EXISTS = "Operator already exists for this user"


@transaction.atomic
def get_or_create_user(*, phone: str, role: str) -> User:
    """The user with this phone (E.164); one who is new is made, holding `role`."""
    user, is_new = User.objects.get_or_create(phone=phone, defaults={"password": make_password(None)})
    if is_new:
        RoleAssignment.objects.create(user=user, role=role)
    return user


@transaction.atomic
def change_user(*, by: Actor, user: User, changes: Mapping[str, Any]) -> User:
    """Change what a person says of themselves: name, language, pincode, latitude and longitude."""
    must_be_self_or_admin(by, user)
    return _changed(User.objects.select_for_update().get(pk=user.pk), changes)


@transaction.atomic
def deactivate_user(*, by: Actor, user: User) -> User:
    """Deactivate a user: every session ends, no new one can be opened."""
    must_be_admin(by)
    if user.pk == by.user.pk:
        raise DomainError("You cannot shut yourself out")
    _end_everywhere(user)
    return _changed(User.objects.select_for_update().get(pk=user.pk), {"is_active": False})


@transaction.atomic
def reactivate_user(*, by: Actor, user: User) -> User:
    """Activate a user again, who then logs in anew."""
    must_be_admin(by)
    return _changed(User.objects.select_for_update().get(pk=user.pk), {"is_active": True})


@transaction.atomic
def log_out_everywhere(*, by: Actor, user: User) -> int:
    """End all sessions of a user, of apps and of the back office; answers how many there were."""
    must_be_admin(by)
    return _end_everywhere(user)


@transaction.atomic
def end_one_session(*, by: Actor, user: User, session_id: UUID) -> None:
    """End one session of a user, of an app or of the back office. Raises NotFound where it has ended already."""
    must_be_self_or_admin(by, user)
    of_app = Session.objects.filter(pk=session_id, user=user, revoked_at=None)
    of_staff = StaffSession.objects.filter(pk=session_id, user=user)
    if not of_app.update(revoked_at=timezone.now()) and not end_staff_sessions(of_staff):
        raise NotFound("This session has ended already")


@transaction.atomic
def reset_user_second_factor(*, by: Actor, user: User) -> None:
    """Take somebody's lost authenticator app out of use, and sign them out. Raises Forbidden, and DomainError."""
    reset_second_factor(by=by, user=user)
    end_staff_sessions(StaffSession.objects.filter(user=user))


@transaction.atomic
def create_vle(
    *, by: Actor, details: Mapping[str, Any], user: User | None = None, phone: str | None = None
) -> VleProfile:
    """Make a user, or whoever has this phone, a VLE: a profile, and the role that comes with it.

    `details` are columns of the profile; without a name it takes the user's. Raises DomainError where a profile exists.
    """
    must_be_admin(by)
    user = _with_role(Role.VLE, user, phone)
    profile = VleProfile(user=user, **_named(details, user))
    with translate_constraint_errors(accounts_vleprofile_user_id_key=VLE_EXISTS):
        profile.save(force_insert=True)
    return profile


@transaction.atomic
def change_vle(*, by: Actor, profile: VleProfile, changes: Mapping[str, Any]) -> VleProfile:
    """Change columns of a profile; a SUSPENDED one keeps its leases and orders."""
    must_be_admin(by)
    return _changed(VleProfile.objects.select_for_update().get(pk=profile.pk), changes)


@transaction.atomic
def create_operator(
    *,
    by: Actor,
    details: Mapping[str, Any],
    training: Sequence[Mapping[str, Any]] = (),
    user: User | None = None,
    phone: str | None = None,
) -> Operator:
    """Make a user, or whoever has this phone, an operator: a record, the role, and the certificates held.

    Raises DomainError where the user is one already.
    """
    must_be_admin(by)
    user = _with_role(Role.OPERATOR, user, phone)
    operator = Operator(user=user, **_named(details, user))
    with translate_constraint_errors(accounts_operator_user_id_key=OPERATOR_EXISTS):
        operator.save(force_insert=True)
    _train(operator, training)
    return operator


@transaction.atomic
def change_operator(
    *, by: Actor, operator: Operator, changes: Mapping[str, Any], training: Sequence[Mapping[str, Any]] | None = None
) -> Operator:
    """Change an operator's record; certificates, where given, replace those there were."""
    must_be_admin(by)
    operator = _changed(Operator.objects.select_for_update().get(pk=operator.pk), changes)
    if training is not None:
        operator.training.all().delete()
        _train(operator, training)
    return operator


def _end_everywhere(user: User) -> int:
    return end_all_sessions(user) + end_staff_sessions(StaffSession.objects.filter(user=user))


def _with_role(role: str, user: User | None, phone: str | None) -> User:
    if user is None:
        user = get_or_create_user(phone=canonical_phone(phone), role=role)
    RoleAssignment.objects.get_or_create(user=user, role=role)
    return user


def _named(details: Mapping[str, Any], user: User) -> dict[str, Any]:
    """The details with a name; a user who has none yet takes it too."""
    name = details.get("name") or user.name
    if not name:
        raise Invalid({"name": "Name is required"})
    if not user.name:
        _changed(user, {"name": name})
    return {**details, "name": name}


def _changed(row: models.Model, changes: Mapping[str, Any]) -> Any:
    for column, value in changes.items():
        setattr(row, column, value)
    row.save(update_fields=[*changes, "updated_at"])
    return row


def _train(operator: Operator, training: Sequence[Mapping[str, Any]]) -> None:
    OperatorTraining.objects.bulk_create(OperatorTraining(operator=operator, **row) for row in training)
