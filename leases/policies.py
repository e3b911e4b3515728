"""Who may do what with a lease."""

from typing import TYPE_CHECKING

from accounts.actors import Actor, must_be_admin
from core.errors import Forbidden

if TYPE_CHECKING:
    from leases.models import Lease

NOT_YOURS = "You do not have access to this lease"
NO_VLE_PROFILE = "VLE profile not found for user"
ONLY_PARTIES_LIST = "Only VLEs and admins have leases"


def must_manage_leases(lease: "Lease | None", actor: Actor) -> None:
    """The company signs and ends leases. Raises Forbidden for anyone but an ADMIN."""
    must_be_admin(actor)


def must_see_lease(lease: "Lease", actor: Actor) -> None:
    """An ADMIN, or the VLE of the lease. Raises Forbidden."""
    if not actor.is_admin and not (actor.vle is not None and lease.vle_id == actor.vle.pk):
        raise Forbidden(NOT_YOURS)


def must_have_leases(actor: Actor) -> None:
    """A VLE who has a profile, or an ADMIN. Raises Forbidden."""
    if not actor.is_admin and actor.vle is None:
        raise Forbidden(NO_VLE_PROFILE if actor.is_vle else ONLY_PARTIES_LIST)
