"""What writes leases. Locks are taken in the order device, order, lease."""

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
from leases.documents import Document, stored_attachments
from leases.messages import notify_lease_created, notify_operator_assigned
from leases.models import ONE_ACTIVE_LEASE, ONE_LEASE_PER_ORDER, Lease, LeaseAttachment, LeaseOperator
from leases.policies import must_manage_leases
from leases.workflow import LeaseStatus
from orders.models import Order
from orders.workflow import OrderStatus

ONLY_LEASE_ORDERS = "Only LEASE orders can create leases"
ONLY_ACCEPTED_ORDERS = "Order must be ACCEPTED to create lease"
ALREADY_LEASED = "Device is already leased"
DEVICE_RETIRED = "Device is retired"
ORDER_HAS_LEASE = "Order already has a lease"
NO_VLE_PROFILE = "VLE profile not found for user"
VLE_SUSPENDED = "VLE profile is suspended"
NO_SUCH_OPERATOR = "Operator not found"
OPERATOR_INACTIVE = "Operator is not active"
OPERATOR_TWICE = "Operator is assigned twice"
ONE_PRIMARY = "A lease can have at most one PRIMARY operator"
OPERATOR_ASSIGNED = "Operator is already assigned to this lease"
LEASE_ENDED = "Operators can only be assigned while the lease is ACTIVE"
PRIMARY = LeaseOperator.Role.PRIMARY


@dataclass(frozen=True)
class Assignment:
    """Who is to drive, and as what (LeaseOperator.Role)."""

    operator_id: object
    role: str


def create_lease(
    *,
    by: Actor,
    order_id: object,
    deposit_amount: Decimal | None = None,
    operators: Sequence[Assignment] = (),
    notes: str | None = None,
    attachments: Sequence[Document] = (),
) -> Lease:
    """Hand a device to the VLE whose LEASE order was accepted. `deposit_amount` is in rupees.

    Files are checked and written before the transaction opens. Raises Forbidden for anyone but an ADMIN, NotFound for
    an unknown order or operator, DomainError where order, device, VLE, operators or files do not allow it.
    """
    must_manage_leases(None, by)
    order = Order.objects.find(order_id)
    must_allow_lease(order)  # asked again under the lock; here it saves the work on the files
    with stored_attachments(attachments) as documents:
        return _sign(order, by, deposit_amount, operators, notes or "", documents)


@transaction.atomic
def assign_operator(lease: Lease, *, by: Actor, operator_id: object, role: str) -> Lease:
    """Put an operator on a running lease; a PRIMARY takes the place of the PRIMARY.

    One who is on it in the other role changes over, and is not told again. Raises Forbidden for anyone but an ADMIN,
    NotFound for an unknown operator, DomainError where lease or operator is not active.
    """
    must_manage_leases(lease, by)
    lease = Lease.objects.lock(lease)
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
    """The device came back as agreed and can be leased anew. `expected_updated_at`: see `end_lease`."""
    return end_lease(lease, to=LeaseStatus.COMPLETED, by=by, note=note, expected_updated_at=expected_updated_at)


def terminate_lease(
    lease: Lease, *, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Lease:
    """The lease ends before its time. `expected_updated_at`: see `end_lease`."""
    return end_lease(lease, to=LeaseStatus.TERMINATED, by=by, note=note, expected_updated_at=expected_updated_at)


@transaction.atomic
def end_lease(
    lease: Lease, *, to: str, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Lease:
    """End a lease; whoever decides on a page decided on one written at `expected_updated_at`.

    Raises Forbidden for anyone but an ADMIN, InvalidTransition once it has ended, StaleObjectError where the page
    was old.
    """
    must_manage_leases(lease, by)
    Device.objects.lock(lease.device_id)
    lease = Lease.objects.lock(lease)
    check_not_stale(lease.updated_at, expected_updated_at)
    lease.transition_to(to)
    lease.ended_at, lease.ended_by, lease.end_note = timezone.now(), by.user, note or ""
    lease.save(update_fields=["status", "ended_at", "ended_by", "end_note", "updated_at"])
    return lease


def must_allow_lease(order: Order) -> None:
    """Raises DomainError where the order, its device, or what became of either does not allow a lease now."""
    if not order.is_lease:
        raise DomainError(ONLY_LEASE_ORDERS)
    if order.status != OrderStatus.ACCEPTED:
        raise DomainError(ONLY_ACCEPTED_ORDERS)
    # One question: asked one after the other, a rival's lease could come between, and be told as the lesser reason.
    in_the_way = Lease.objects.standing().filter(Q(device=order.device_id, status=LeaseStatus.ACTIVE) | Q(order=order))
    states = set(in_the_way.values_list("status", flat=True))
    if LeaseStatus.ACTIVE in states:
        raise DomainError(ALREADY_LEASED)
    if states:
        raise DomainError(ORDER_HAS_LEASE)
    if order.device.status == DeviceStatus.RETIRED:
        raise DomainError(DEVICE_RETIRED)


@transaction.atomic
def _sign(
    order: Order,
    by: Actor,
    deposit_amount: Decimal | None,
    operators: Sequence[Assignment],
    notes: str,
    documents: list[LeaseAttachment],
) -> Lease:
    device = Device.objects.lock(order.device_id)
    order = _locked_order(order, device)
    must_allow_lease(order)
    crew = _crew(operators)
    lease = _drawn_up(order, signed_by=by.user, deposit_amount=deposit_amount, notes=notes)
    with translate_constraint_errors(**{ONE_ACTIVE_LEASE: ALREADY_LEASED, ONE_LEASE_PER_ORDER: ORDER_HAS_LEASE}):
        lease.save(force_insert=True)
    notify_lease_created(lease)
    _attach(documents, lease)
    _staff(lease, crew)
    return lease


def _attach(documents: list[LeaseAttachment], lease: Lease) -> None:
    for document in documents:
        document.lease = lease
    LeaseAttachment.objects.bulk_create(documents)


def _staff(lease: Lease, crew: list[LeaseOperator]) -> None:
    for assignment in crew:
        assignment.lease = lease
    for assignment in LeaseOperator.objects.bulk_create(crew):
        notify_operator_assigned(lease, assignment)


def _locked_order(order: Order, device: Device) -> Order:
    rows = Order.objects.select_for_update(of=("self",), no_key=True)
    order = rows.select_related("requester__vle_profile").get(pk=order.pk)
    order.device = device
    return order


def _drawn_up(order: Order, **terms: Any) -> Lease:
    by_hours = order.requested_hours is not None
    commitment = order.requested_hours if by_hours else order.requested_acres
    kind = Lease.Commitment.HOURS if by_hours else Lease.Commitment.ACRES
    return Lease(
        order=order,
        device=order.device,
        vle=_lessee(order),
        start_date=order.start_date,
        end_date=order.end_date,
        commitment_type="" if commitment is None else kind,
        commitment_value=commitment,
        estimated_price=estimated_price(
            order.device, on=order.start_date, hours=order.requested_hours, acres=order.requested_acres
        ),
        **terms,
    )


def _lessee(order: Order) -> VleProfile:
    profile: VleProfile | None = getattr(order.requester, "vle_profile", None)
    if profile is None:
        raise DomainError(NO_VLE_PROFILE)
    if not profile.is_active:
        raise DomainError(VLE_SUSPENDED)
    return profile


def _crew(assignments: Sequence[Assignment]) -> list[LeaseOperator]:
    crew = [LeaseOperator(operator=_active_operator(one.operator_id), role=one.role) for one in assignments]
    if len({one.operator_id for one in crew}) < len(crew):
        raise DomainError(OPERATOR_TWICE)
    if sum(one.role == PRIMARY for one in crew) > 1:
        raise DomainError(ONE_PRIMARY)
    return crew


def _active_operator(operator_id: object) -> Operator:
    operator = find_by_id(Operator.objects.select_related("user"), operator_id, NO_SUCH_OPERATOR)
    if not operator.is_active:
        raise DomainError(OPERATOR_INACTIVE)
    return operator


def _release(lease: Lease, operator: Operator, role: str) -> None:
    leaving = Q(operator=operator) | Q(role=PRIMARY) if role == PRIMARY else Q(operator=operator)
    lease.operators.filter(leaving, released_at=None).update(released_at=timezone.now())
