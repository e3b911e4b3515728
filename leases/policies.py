"""Decide who may do what with a lease."""

from typing import Any, Protocol

from accounts.actors import Actor, must_be_admin
from core.errors import Forbidden

NOT_YOURS = "You do not have access to this lease"
NO_VLE_PROFILE = "VLE profile not found for user"
ONLY_PARTIES_LIST = "Only VLEs and admins have leases"


class HasVle(Protocol):
    """Represent a lease, as far as the policies read it."""

    vle_id: Any


def must_manage_leases(lease: object, actor: Actor) -> None:
    """Raise Forbidden unless the actor is an ADMIN; `lease` is None for one to be created."""
    must_be_admin(actor)


def must_see_lease(lease: HasVle, actor: Actor) -> None:
    """Raise Forbidden unless the actor is an ADMIN or the VLE of the lease."""
    if not actor.is_admin and not (actor.vle is not None and lease.vle_id == actor.vle.pk):
        raise Forbidden(NOT_YOURS)


def must_have_leases(actor: Actor) -> None:
    """Raise Forbidden unless the actor is an ADMIN or a VLE with a profile."""
    if not actor.is_admin and actor.vle is None:
        raise Forbidden(NO_VLE_PROFILE if actor.is_vle else ONLY_PARTIES_LIST)
