"""Actors: a user, acting in one role, through one source."""

from dataclasses import dataclass
from uuid import UUID

from accounts.choices import Role, Source
from accounts.models import User, VleProfile
from core.errors import Forbidden

ADMIN_ROLE_REQUIRED = "Admin role required"


@dataclass(frozen=True)
class Actor:
    """Carry who acts to policies and services. Authority follows `role` only, not other roles of the user."""

    user: User
    role: str | None
    vle: VleProfile | None = None
    session_id: UUID | None = None
    source: Source = Source.API

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_vle(self) -> bool:
        return self.role == Role.VLE

    @property
    def is_farmer(self) -> bool:
        return self.role == Role.FARMER


def back_office_actor(user: User) -> Actor:
    """Return a member of staff as an actor of the back office, where staff act as ADMIN."""
    return Actor(user=user, role=Role.ADMIN, source=Source.BACK_OFFICE)


def must_be_admin(actor: Actor, error_message: str = ADMIN_ROLE_REQUIRED) -> None:
    """Raise Forbidden with `error_message` unless the active role is ADMIN."""
    if not actor.is_admin:
        raise Forbidden(error_message)
