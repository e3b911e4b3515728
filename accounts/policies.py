"""Who may do what to whom."""

from accounts.actors import Actor
from accounts.models import User, VleProfile
from core.errors import Forbidden


def must_be_self_or_admin(actor: Actor, user: User) -> None:
    """A person's own data: theirs, and the admins'."""
    if actor.user.pk != user.pk and not actor.is_admin:
        raise Forbidden("Access denied")


def must_be_vle(actor: Actor) -> None:
    """Raises Forbidden unless the active role is VLE."""
    if not actor.is_vle:
        raise Forbidden("VLE role required")


def sees_all_of(actor: Actor, profile: VleProfile) -> bool:
    """Whether the whole profile is shown, or only what everybody may know."""
    return actor.is_admin or profile.user_id == actor.user.pk
