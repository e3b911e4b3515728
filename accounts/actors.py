"""Who acts: a user, in the one role chosen for the session, through one of the doors of the product."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from accounts.models import Role, User, VleProfile
from core.errors import Forbidden


class Source(models.TextChoices):
    """List the sources of a change, with the label that screens show after "by"."""

    API = "api", "API"
    BACK_OFFICE = "back office", "back office"
    COMMAND = "command", "system (demo data)"
    TIMER = "timer", "system (timer)"


@dataclass(frozen=True)
class Actor:
    """All authority follows `role`: what else the user might be does not count (decisions, section 3)."""

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


def vle_actor(profile: VleProfile) -> Actor:
    """The VLE behind a profile, acting as such."""
    return Actor(user=profile.user, role=Role.VLE, vle=profile)


def back_office_actor(user: User) -> Actor:
    """A member of staff at the back office, where one acts as ADMIN."""
    return Actor(user=user, role=Role.ADMIN, source=Source.BACK_OFFICE)


def must_be_admin(actor: Actor, refusal: str = "Admin role required") -> None:
    """Raises Forbidden with `refusal` unless the active role is ADMIN."""
    if not actor.is_admin:
        raise Forbidden(refusal)
