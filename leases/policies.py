"""Who may do what with a lease."""

from typing import TYPE_CHECKING

from accounts.actors import Actor, must_be_admin
from core.errors import Forbidden

if TYPE_CHECKING:
    from leases.models import Lease


def must_manage_leases(lease: "Lease | None", actor: Actor) -> None:
    """The company signs and ends leases. Raises Forbidden for anyone but an ADMIN."""
    must_be_admin(actor)


def must_see_lease(lease: "Lease", actor: Actor) -> None:
    """An ADMIN, or the VLE of the lease. Raises Forbidden."""
    if not actor.is_admin and not (actor.vle is not None and lease.vle_id == actor.vle.pk):
        raise Forbidden("You do not have access to this lease")
