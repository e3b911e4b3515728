"""Actors of the back office with chosen rights, and the access changes they left."""

from typing import Any

from django.contrib.auth.models import Group, Permission

from accounts.actors import Actor, back_office_actor
from accounts.models import AccessChange, Territory, User
from tests.support import factories


def staff_actor(user: User, *permissions: str, **flags: bool) -> Actor:
    """Make the user staff with exactly these permissions and flags, and return them as an actor."""
    User.objects.filter(pk=user.pk).update(is_staff=True, **flags)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return back_office_actor(User.objects.get(pk=user.pk))


def territory_manager(user: User, territory: Territory) -> Actor:
    """Make the user a territory manager limited to this territory, and return them as an actor."""
    user.groups.set(Group.objects.filter(name="territory manager"))
    factories.works_in(territory, user)
    return staff_actor(user)


def with_role(user: User, role: str) -> User:
    """Assign a role without recording it."""
    user.role_assignments.create(role=role)
    return user


def recorded() -> list[tuple[Any, ...]]:
    """List all access changes, oldest first: kind, user, territory, before, after."""
    rows = AccessChange.objects.select_related("user").order_by("id")
    return [(row.kind, row.user, row.territory_id, row.before, row.after) for row in rows]
