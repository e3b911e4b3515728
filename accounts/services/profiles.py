"""Write VLE profiles and operators, each of which comes with its role."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.choices import Role
from accounts.models import Operator, OperatorTraining, RoleAssignment, User, VleProfile
from accounts.phones import canonical_phone
from accounts.policies import must_manage_profiles
from accounts.services.columns import update_columns
from accounts.services.users import get_or_create_user
from core.database import translate_constraint_errors
from core.errors import Invalid

VLE_EXISTS = "VLE profile already exists for this user"
OPERATOR_EXISTS = "Operator already exists for this user"
NAME_REQUIRED = "Name is required"


@transaction.atomic
def create_vle(
    *, by: Actor, details: Mapping[str, Any], user: User | None = None, phone: str | None = None
) -> VleProfile:
    """Create a VLE profile, and grant the role, for a user or for the (perhaps new) user with this phone.

    `details` are columns of the profile; the name defaults to the user's. Raises DomainError if a profile exists.
    """
    must_manage_profiles(None, by)
    user = _user_with_role(Role.VLE, user, phone, by)
    profile = VleProfile(user=user, **_with_name(details, user))
    with translate_constraint_errors(accounts_vleprofile_user_id_key=VLE_EXISTS):
        profile.save(force_insert=True)
    return profile


@transaction.atomic
def change_vle(profile: VleProfile, *, by: Actor, changes: Mapping[str, Any]) -> VleProfile:
    """Change columns of a VLE profile. A SUSPENDED one keeps its leases and orders."""
    profile = VleProfile.objects.lock(profile.pk)
    must_manage_profiles(profile, by)
    return update_columns(profile, changes)


@transaction.atomic
def create_operator(
    *,
    by: Actor,
    details: Mapping[str, Any],
    training: Sequence[Mapping[str, Any]] = (),
    user: User | None = None,
    phone: str | None = None,
) -> Operator:
    """Create an operator with certificates, and grant the role, for a user or for the user with this phone.

    Raises DomainError if the user is an operator already.
    """
    must_manage_profiles(None, by)
    user = _user_with_role(Role.OPERATOR, user, phone, by)
    operator = Operator(user=user, **_with_name(details, user))
    with translate_constraint_errors(accounts_operator_user_id_key=OPERATOR_EXISTS):
        operator.save(force_insert=True)
    _add_training(operator, training)
    return operator


@transaction.atomic
def change_operator(
    operator: Operator, *, by: Actor, changes: Mapping[str, Any], training: Sequence[Mapping[str, Any]] | None = None
) -> Operator:
    """Change columns of an operator; `training`, if given, replaces all certificates."""
    operator = Operator.objects.lock(operator.pk)
    must_manage_profiles(operator, by)
    operator = update_columns(operator, changes)
    if training is not None:
        operator.training.all().delete()
        _add_training(operator, training)
    return operator


def _user_with_role(role: str, user: User | None, phone: str | None, by: Actor) -> User:
    if user is None:
        user = get_or_create_user(phone=canonical_phone(phone), role=role, by=by)
    RoleAssignment.objects.grant(user, role, changed_by_id=by.user.pk, source=by.source)
    return user


def _with_name(details: Mapping[str, Any], user: User) -> dict[str, Any]:
    """Return the details with a name, which is also stored for a user without one. Raises Invalid if there is none."""
    name = details.get("name") or user.name
    if not name:
        raise Invalid({"name": NAME_REQUIRED})
    if not user.name:
        update_columns(user, {"name": name})
    return {**details, "name": name}


def _add_training(operator: Operator, training: Sequence[Mapping[str, Any]]) -> None:
    OperatorTraining.objects.bulk_create(OperatorTraining(operator=operator, **row) for row in training)
