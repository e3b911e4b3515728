"""Write leases: every change of a lease goes through this module. Locks are taken in the order device, order, lease."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Operator, VleProfile
from core.database import find_by_id, translate_constraint_errors
from core.errors import DomainError
from core.versions import check_not_stale
from devices.models import Device
from devices.pricing import estimated_price
from devices.workflow import DeviceStatus
from leases.choices import Commitment, OperatorRole
from leases.documents import Document, stored_attachments
from leases.messages import notify_lease_created, notify_operator_assigned
from leases.models import ONE_ACTIVE_LEASE, ONE_LEASE_PER_ORDER, Lease, LeaseAttachment, LeaseOperator
from leases.policies import NO_VLE_PROFILE, must_manage_leases
from leases.workflow import LeaseStatus
from orders.models import Order
from orders.workflow import OrderStatus

ONLY_LEASE_ORDERS = "Only LEASE orders can create leases"
ONLY_ACCEPTED_ORDERS = "Order must be ACCEPTED to create lease"
ALREADY_LEASED = "Device is already leased"
DEVICE_RETIRED = "Device is retired"
ORDER_HAS_LEASE = "Order already has a lease"
VLE_SUSPENDED = "VLE profile is suspended"
NO_SUCH_OPERATOR = "Operator not found"
OPERATOR_INACTIVE = "Operator is not active"
OPERATOR_TWICE = "Operator is assigned twice"
ONE_PRIMARY = "A lease can have at most one PRIMARY operator"
OPERATOR_ASSIGNED = "Operator is already assigned to this lease"
LEASE_ENDED = "Operators can only be assigned while the lease is ACTIVE"


@dataclass(frozen=True)
class Assignment:
    """Represent an operator to be assigned, and the OperatorRole."""

    operator_id: object
    role: str


def create_lease(
    *,
    by: Actor,
    order_id: object,
    deposit_amount: Decimal | None = None,
    operators: Sequence[Assignment] = (),
    note: str | None = None,
    attachments: Sequence[Document] = (),
) -> Lease:
    """Create the lease of an accepted LEASE order and return it. `deposit_amount` is in rupees.

    Files are checked and stored before the transaction starts. Raises Forbidden for anyone but an ADMIN, NotFound for
    an unknown order or operator, DomainError if the order, device, VLE, operators or files do not allow it.
    """
    must_manage_leases(None, by)
    order = Order.objects.find(order_id)
    must_allow_lease(order)  # asked again under the lock; here before the files are stored
    with stored_attachments(attachments) as documents:
        return _create(order, by, deposit_amount, operators, note or "", documents)


@transaction.atomic
def assign_operator(lease: Lease, *, by: Actor, operator_id: object, role: str) -> Lease:
    """Assign an operator to an active lease and return the lease; a PRIMARY replaces the present PRIMARY.

    An operator who has the other role changes to this one, without another SMS message. Raises Forbidden for anyone
    but an ADMIN, NotFound for an unknown operator, DomainError if the lease or operator is not active.
    """
    lease = Lease.objects.lock(lease.pk)
    must_manage_leases(lease, by)
    if not lease.is_active:
        raise DomainError(LEASE_ENDED)
    operator = _active_operator(operator_id)
    present = lease.operators.filter(operator=operator, released_at=None).first()
    if present is not None and present.role == role:
        raise DomainError(OPERATOR_ASSIGNED)
    _release(lease, operator, role)
    assignment = lease.operators.create(operator=operator, role=role)
    lease.save(update_fields=["updated_at"])
    if present is None:
        notify_operator_assigned(lease, assignment)
    return lease


def complete_lease(
    lease: Lease, *, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Lease:
    """End a lease as agreed and return it; the device can be leased again. Raises as `end_lease`."""
    return end_lease(lease, to=LeaseStatus.COMPLETED, by=by, note=note, expected_updated_at=expected_updated_at)


def terminate_lease(
    lease: Lease, *, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Lease:
    """End a lease early and return it; the device can be leased again. Raises as `end_lease`."""
    return end_lease(lease, to=LeaseStatus.TERMINATED, by=by, note=note, expected_updated_at=expected_updated_at)


@transaction.atomic
def end_lease(
    lease: Lease, *, to: str, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Lease:
    """Give a lease the status `to`, COMPLETED or TERMINATED, and return it.

    Raises Forbidden for anyone but an ADMIN, StaleObjectError if the lease was written after `expected_updated_at`,
    InvalidTransition if it has ended.
    """
    Device.objects.lock(lease.device_id)
    lease = Lease.objects.lock(lease.pk)
    must_manage_leases(lease, by)
    check_not_stale(lease.updated_at, expected_updated_at)
    lease.transition_to(to)
    lease.ended_at, lease.ended_by, lease.end_note = timezone.now(), by.user, note or ""
    lease.save(update_fields=["status", "ended_at", "ended_by", "end_note", "updated_at"])
    return lease


def must_allow_lease(order: Order) -> None:
    """Raise DomainError if the order, its device or their leases do not allow a new lease now."""
    if not order.is_lease:
        raise DomainError(ONLY_LEASE_ORDERS)
    if order.status != OrderStatus.ACCEPTED:
        raise DomainError(ONLY_ACCEPTED_ORDERS)
    # One query: between two, a concurrent lease could be created and reported with the less important error.
    conflicts = Lease.objects.standing().filter(Q(device=order.device_id, status=LeaseStatus.ACTIVE) | Q(order=order))
    statuses = set(conflicts.values_list("status", flat=True))
    if LeaseStatus.ACTIVE in statuses:
        raise DomainError(ALREADY_LEASED)
    if statuses:
        raise DomainError(ORDER_HAS_LEASE)
    if order.device.status == DeviceStatus.RETIRED:
        raise DomainError(DEVICE_RETIRED)


@transaction.atomic
def _create(
    order: Order,
    by: Actor,
    deposit_amount: Decimal | None,
    assignments: Sequence[Assignment],
    note: str,
    documents: list[LeaseAttachment],
) -> Lease:
    order = _lock_with_device(order)
    must_allow_lease(order)
    operators = _validated_operators(assignments)
    lease = _build(order, signed_by=by.user, deposit_amount=deposit_amount, notes=note)
    with translate_constraint_errors(**{ONE_ACTIVE_LEASE: ALREADY_LEASED, ONE_LEASE_PER_ORDER: ORDER_HAS_LEASE}):
        lease.save(force_insert=True)
    notify_lease_created(lease)
    _save_attachments(lease, documents)
    _save_operators(lease, operators)
    return lease


def _save_attachments(lease: Lease, documents: list[LeaseAttachment]) -> None:
    for document in documents:
        document.lease = lease
    LeaseAttachment.objects.bulk_create(documents)


def _save_operators(lease: Lease, operators: list[LeaseOperator]) -> None:
    for assignment in operators:
        assignment.lease = lease
    for assignment in LeaseOperator.objects.bulk_create(operators):
        notify_operator_assigned(lease, assignment)


def _lock_with_device(order: Order) -> Order:
    device = Device.objects.lock(order.device_id)
    order = Order.objects.lock(order.pk)
    order.device = device
    return order


def _build(order: Order, **terms: Any) -> Lease:
    by_hours = order.requested_hours is not None
    commitment = order.requested_hours if by_hours else order.requested_acres
    commitment_type = Commitment.HOURS if by_hours else Commitment.ACRES
    return Lease(
        order=order,
        device=order.device,
        vle=_lessee(order),
        start_date=order.start_date,
        end_date=order.end_date,
        commitment_type="" if commitment is None else commitment_type,
        commitment_value=commitment,
        estimated_price=estimated_price(
            order.device, on=order.start_date, hours=order.requested_hours, acres=order.requested_acres
        ),
        **terms,
    )


def _lessee(order: Order) -> VleProfile:
    profile = VleProfile.objects.select_related("user").filter(user=order.requester_id).first()
    if profile is None:
        raise DomainError(NO_VLE_PROFILE)
    if not profile.is_active:
        raise DomainError(VLE_SUSPENDED)
    return profile


def _validated_operators(assignments: Sequence[Assignment]) -> list[LeaseOperator]:
    operators = [LeaseOperator(operator=_active_operator(each.operator_id), role=each.role) for each in assignments]
    if len({each.operator_id for each in operators}) < len(operators):
        raise DomainError(OPERATOR_TWICE)
    if sum(each.role == OperatorRole.PRIMARY for each in operators) > 1:
        raise DomainError(ONE_PRIMARY)
    return operators


def _active_operator(operator_id: object) -> Operator:
    operator = find_by_id(Operator.objects.select_related("user"), operator_id, NO_SUCH_OPERATOR)
    if not operator.is_active:
        raise DomainError(OPERATOR_INACTIVE)
    return operator


def _release(lease: Lease, operator: Operator, role: str) -> None:
    leaving = Q(operator=operator)
    if role == OperatorRole.PRIMARY:
        leaving |= Q(role=OperatorRole.PRIMARY)
    lease.operators.filter(leaving, released_at=None).update(released_at=timezone.now())
