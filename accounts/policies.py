"""Who may read and change users, roles, staff access, groups and territories."""

from collections.abc import Collection

from accounts.actors import Actor, must_be_admin
from accounts.choices import Role, Source
from accounts.models import Operator, User, VleProfile
from accounts.sessions import roles_of
from accounts.territories import foreign_prefixes, is_visible_person, own_territories
from core.errors import Forbidden

ACCESS_DENIED = "Access denied"
VLE_ROLE_REQUIRED = "VLE role required"
BACK_OFFICE_ONLY = "Access is managed in the back office"
CANNOT_GRANT_ROLES = "Only superusers, and admins who may change users, change roles"
SUPERUSERS_ONLY = "Only superusers change this"
CANNOT_CHANGE_GROUPS = "You may not change groups"
CANNOT_CHANGE_TERRITORY = "You may not change this territory"
CANNOT_CHANGE_PREFIXES = "You may not change PIN codes of territories"
PREFIX_OF_ANOTHER_TERRITORY = "These PIN codes lie in another territory"
CANNOT_CHANGE_MEMBERS = "You may not change members of this territory"
PERSON_OF_ANOTHER_TERRITORY = "This person is in none of your territories"


def must_be_self_or_admin(user: User, actor: Actor) -> None:
    """Raise Forbidden unless the actor is this user or an ADMIN."""
    if actor.user.pk != user.pk and not actor.is_admin:
        raise Forbidden(ACCESS_DENIED)


def must_manage_profiles(profile: VleProfile | Operator | None, actor: Actor) -> None:
    """Raise Forbidden unless the active role is ADMIN, which manages VLE profiles and operators."""
    must_be_admin(actor)


def must_be_vle(actor: Actor) -> None:
    """Raise Forbidden unless the active role is VLE."""
    if not actor.is_vle:
        raise Forbidden(VLE_ROLE_REQUIRED)


def sees_whole_profile(profile: VleProfile, actor: Actor) -> bool:
    """Return whether the actor sees the whole profile, or only its public part."""
    return actor.is_admin or profile.user_id == actor.user.pk


def gives_rights(user: User) -> bool:
    """Return whether this member of staff may give rights to others: superusers, and holders of the role ADMIN."""
    return user.is_superuser or Role.ADMIN in roles_of(user)


def may_grant_roles(user: User) -> bool:
    """Return whether this member of staff may grant and revoke roles."""
    return user.has_perm("accounts.change_user") and gives_rights(user)


def may_manage_members(user: User, verb: str) -> bool:
    """Return whether this member of staff may `add`, `change` or `delete` members of the territories they see.

    Apart from those who give rights, only staff limited to own territories may, with the permission.
    """
    is_limited = own_territories(user) is not None
    return gives_rights(user) or (is_limited and user.has_perm(f"accounts.{verb}_territorymembership"))


def must_grant_roles(user: User, actor: Actor) -> None:
    """Raise Forbidden unless the actor may grant and revoke roles of this user; the API is refused."""
    _must_not_use_api(actor)
    if not may_grant_roles(actor.user):
        raise Forbidden(CANNOT_GRANT_ROLES)
    if user.is_superuser and not actor.user.is_superuser:
        raise Forbidden(SUPERUSERS_ONLY)


def must_manage_staff(actor: Actor) -> None:
    """Raise Forbidden unless the actor is a superuser, who alone changes staff flags and groups of users."""
    _must_not_use_api(actor)
    if not actor.user.is_superuser:
        raise Forbidden(SUPERUSERS_ONLY)


def must_manage_groups(actor: Actor, verb: str) -> None:
    """Raise Forbidden unless the actor may `add`, `change` or `delete` groups."""
    _must_not_use_api(actor)
    if not actor.user.has_perm(f"auth.{verb}_group"):
        raise Forbidden(CANNOT_CHANGE_GROUPS)


def must_manage_territories(territory_id: str, actor: Actor, *, is_new: bool) -> None:
    """Raise Forbidden unless the actor may add territories, or may change this one."""
    _must_not_use_api(actor)
    may = actor.user.has_perm(f"accounts.{'add' if is_new else 'change'}_territory")
    if not may or not (is_new or _works_in(actor.user, territory_id)):
        raise Forbidden(CANNOT_CHANGE_TERRITORY)


def must_change_prefixes(actor: Actor, *, added: Collection[str], removed: Collection[str]) -> None:
    """Raise Forbidden unless the actor may add and remove these prefixes.

    Staff limited to own territories may not take prefixes that lie in other territories.
    """
    if not (_may_change_prefixes(actor.user, "add", added) and _may_change_prefixes(actor.user, "delete", removed)):
        raise Forbidden(CANNOT_CHANGE_PREFIXES)
    if foreign_prefixes(actor.user, added):
        raise Forbidden(PREFIX_OF_ANOTHER_TERRITORY)


def must_manage_members(territory_id: str, actor: Actor, *, verb: str, user: User) -> None:
    """Raise Forbidden unless the actor may `add`, `change` or `delete` this user as a member of the territory."""
    _must_not_use_api(actor)
    if not (may_manage_members(actor.user, verb) and _works_in(actor.user, territory_id)):
        raise Forbidden(CANNOT_CHANGE_MEMBERS)
    if verb == "add" and not is_visible_person(actor.user, user):
        raise Forbidden(PERSON_OF_ANOTHER_TERRITORY)


def _must_not_use_api(actor: Actor) -> None:
    if actor.source == Source.API:
        raise Forbidden(BACK_OFFICE_ONLY)


def _works_in(user: User, territory_id: str) -> bool:
    own = own_territories(user)
    return own is None or territory_id in own


def _may_change_prefixes(user: User, verb: str, prefixes: Collection[str]) -> bool:
    needed = ("accounts.change_territoryprefix", f"accounts.{verb}_territoryprefix")
    return not prefixes or any(user.has_perm(name) for name in needed)
