"""Write roles, staff flags, groups and the groups of users, each with its access change."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.actors import Actor
from accounts.choices import AccessChangeKind
from accounts.models import RoleAssignment, User
from accounts.policies import must_grant_roles, must_manage_groups, must_manage_staff
from accounts.services.record import record_access_change
from core.database import advisory_lock
from core.errors import DomainError

OWN_ACCESS = "You cannot take away your own access"
LAST_SUPERUSER = "This is the last active superuser"


@transaction.atomic
def grant_role(user: User, *, by: Actor, role: str) -> User:
    """Grant a role to a user; does nothing if it is held already. Raises Forbidden."""
    user = User.objects.lock(user.pk)
    must_grant_roles(user, by)
    RoleAssignment.objects.grant(user, role, changed_by_id=by.user.pk, source=by.source)
    return user


@transaction.atomic
def revoke_role(user: User, *, by: Actor, role: str) -> User:
    """Revoke a role at the user's next request; does nothing if it is not held. Raises Forbidden.

    A VLE profile or operator record stays, and becomes usable again with the role.
    """
    user = User.objects.lock(user.pk)
    must_grant_roles(user, by)
    RoleAssignment.objects.revoke(user, role, changed_by_id=by.user.pk, source=by.source)
    return user


@transaction.atomic
def set_staff_access(user: User, *, by: Actor, is_staff: bool, is_superuser: bool, groups: Collection[Group]) -> User:
    """Set the staff flags and the groups of a user.

    Raises Forbidden unless the actor is a superuser, DomainError for taking away one's own flags or the last
    active superuser.
    """
    user = User.objects.lock(user.pk)
    must_manage_staff(by)
    _set_flags(user, by, {"is_staff": is_staff, "is_superuser": is_superuser})
    _set_groups(user, by, groups)
    return user


@transaction.atomic
def save_group(group: Group, *, by: Actor, name: str, permissions: Collection[Permission]) -> Group:
    """Store the name and permissions of a group, new if it has no id. Raises Forbidden."""
    is_new = group.pk is None
    if not is_new:
        group = Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    must_manage_groups(by, "add" if is_new else "change")
    before = {} if is_new else _group_state(group)
    group.name = name
    group.save()
    group.permissions.set(permissions)
    after = _group_state(group)
    if after != before:
        record_access_change(AccessChangeKind.GROUP_SAVED, by=by, before=before, after=after)
    return group


@transaction.atomic
def delete_group(group: Group, *, by: Actor) -> None:
    """Delete a group; its users lose its permissions. Raises Forbidden."""
    group = Group.objects.select_for_update().get(pk=group.pk)
    must_manage_groups(by, "delete")
    members = sorted(User.objects.filter(groups=group).values_list("phone", flat=True))
    before = _group_state(group) | {"users": members}
    record_access_change(AccessChangeKind.GROUP_DELETED, by=by, before=before)
    group.delete()


def check_superuser_remains(*, without: User) -> None:
    """Raise DomainError if no other active superuser could sign in to the back office.

    Takes an advisory lock, so that two superusers cannot remove each other at the same moment.
    """
    advisory_lock("superusers")
    others = User.objects.filter(is_active=True, is_staff=True, is_superuser=True).exclude(pk=without.pk)
    if not others.exists():
        raise DomainError(LAST_SUPERUSER)


def _set_flags(user: User, by: Actor, flags: dict[str, bool]) -> None:
    before = {"is_staff": user.is_staff, "is_superuser": user.is_superuser}
    if flags == before:
        return
    if any(before[name] and not flags[name] for name in flags):
        if user.pk == by.user.pk:
            raise DomainError(OWN_ACCESS)
        if user.is_superuser:
            check_superuser_remains(without=user)
    user.is_staff, user.is_superuser = flags["is_staff"], flags["is_superuser"]
    user.save(update_fields=[*flags, "updated_at"])
    record_access_change(AccessChangeKind.STAFF_ACCESS_CHANGED, by=by, user=user, before=before, after=flags)


def _set_groups(user: User, by: Actor, groups: Collection[Group]) -> None:
    before = sorted(user.groups.values_list("name", flat=True))
    after = sorted(group.name for group in groups)
    if after == before:
        return
    user.groups.set(groups)
    record_access_change(
        AccessChangeKind.USER_GROUPS_CHANGED, by=by, user=user, before={"groups": before}, after={"groups": after}
    )


def _group_state(group: Group) -> dict[str, Any]:
    granted = group.permissions.values_list("content_type__app_label", "codename")
    return {"name": group.name, "permissions": sorted(f"{label}.{codename}" for label, codename in granted)}
