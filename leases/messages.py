"""Write the SMS messages about leases (decisions, "SMS")."""

from accounts.models import User
from leases.models import Lease, LeaseOperator
from notifications.services import Notification, Related, notify

LEASE_CREATED = "LEASE_CREATED"
OPERATOR_ASSIGNED = "OPERATOR_ASSIGNED"


def notify_lease_created(lease: Lease) -> None:
    """Send the VLE and the admin who signed the lease an SMS message each."""
    details = f"Device: {_short(lease.device_id)}, Start: {lease.start_date}, End: {lease.end_date}"
    to_vle = f"Your lease #{lease.short_id} has been created successfully! {details}. You can now start operations."
    to_signer = f"Lease #{lease.short_id} created successfully for VLE. {details}"
    # Different occasions: if the VLE and the signer are one person, both messages are sent.
    _notify(lease, LEASE_CREATED, lease.vle.user, to_vle, occasion="to the VLE")
    _notify(lease, LEASE_CREATED, lease.signed_by, to_signer, occasion="to the signer")


def notify_operator_assigned(lease: Lease, assignment: LeaseOperator) -> None:
    """Send the assigned operator an SMS message with the device."""
    text = f"You have been assigned as operator to Lease #{lease.short_id}. Device: {_short(lease.device_id)}"
    _notify(lease, OPERATOR_ASSIGNED, assignment.operator.user, text, occasion=str(assignment.pk))


def _notify(lease: Lease, event: str, recipient: User, text: str, *, occasion: str) -> None:
    notify([Notification(event, recipient, text)], about=Related("LEASE", lease.pk, occasion=occasion))


def _short(identifier: object) -> str:
    return str(identifier)[:8]
