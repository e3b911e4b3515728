"""Who hears of a lease, in which words (decisions, "SMS")."""

from accounts.models import User
from leases.models import Lease, LeaseOperator
from notifications.services import Notification, Related, notify

LEASE_CREATED = "LEASE_CREATED"
OPERATOR_ASSIGNED = "OPERATOR_ASSIGNED"


def notify_lease_created(lease: Lease) -> None:
    """The VLE may start, the admin who signed has it confirmed."""
    what = f"Device: {_short(lease.device_id)}, Start: {lease.start_date}, End: {lease.end_date}"
    to_vle = f"Your lease #{lease.short_id} has been created successfully! {what}. You can now start operations."
    to_signer = f"Lease #{lease.short_id} created successfully for VLE. {what}"
    # An occasion each: one person may be both, and hears both.
    _tell(lease, LEASE_CREATED, lease.vle.user, to_vle, occasion="to the VLE")
    _tell(lease, LEASE_CREATED, lease.signed_by, to_signer, occasion="to the signer")


def notify_operator_assigned(lease: Lease, assignment: LeaseOperator) -> None:
    """An operator learns of a new machine to drive."""
    text = f"You have been assigned as operator to Lease #{lease.short_id}. Device: {_short(lease.device_id)}"
    _tell(lease, OPERATOR_ASSIGNED, assignment.operator.user, text, occasion=str(assignment.pk))


def _tell(lease: Lease, event: str, person: User, text: str, *, occasion: str) -> None:
    notify([Notification(event, person, text)], about=Related("LEASE", lease.pk, occasion=occasion))


def _short(identifier: object) -> str:
    return str(identifier)[:8]
