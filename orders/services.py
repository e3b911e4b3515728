"""Write orders: every change of a status goes through this module."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.models import VleProfile
from accounts.territories import territory_id_of
from core.database import translate_constraint_errors
from core.errors import DomainError, Forbidden
from core.versions import check_not_stale
from devices.models import Device
from devices.workflow import DeviceStatus
from events.services import record_change
from orders.choices import Kind
from orders.intents import consume_intent
from orders.messages import notify_order_placed, notify_status_changed
from orders.models import NO_DOUBLE_BOOKING, Order
from orders.policies import ONLY_REQUESTER_CANCELS, must_be_requester, must_create_orders, must_handle, must_reject
from orders.workflow import BOOKED, OrderStatus

ALREADY_BOOKED = "Device is already booked"
NOT_ORDERABLE = "Device is not available for ordering"
NOT_LEASED = "Device must be leased to a VLE for RENT orders"
ALREADY_LEASED = "Device is already leased. Cannot create LEASE order for leased device"
ONLY_NEW_CANCELLED = "Order can only be cancelled when status is INTEREST_RAISED"
ONLY_OPEN_REJECTED = "Order can only be rejected when status is INTEREST_RAISED or UNDER_REVIEW"
REJECTABLE = (OrderStatus.INTEREST_RAISED, OrderStatus.UNDER_REVIEW)


@transaction.atomic
def place_order(
    *,
    by: Actor,
    device_id: UUID | str,
    start_date: date,
    end_date: date,
    requested_hours: Decimal | None = None,
    requested_acres: Decimal | None = None,
    note: str | None = None,
    intent_id: object = None,
) -> Order:
    """Request a device and return the new order: a LEASE for a VLE, a RENT for a farmer.

    `intent_id` names the enquiry that the order follows; an unusable one is ignored. Raises Forbidden for other roles,
    NotFound for an unknown device, DomainError if the device is not LIVE, leased already (LEASE) or not leased (RENT).
    """
    must_create_orders(None, by)
    kind = Kind.LEASE if by.is_vle else Kind.RENT
    device = Device.objects.lock(device_id)
    order = Order(
        kind=kind,
        device=device,
        requester=by.user,
        handler_vle=_handler_of(device, kind),
        start_date=start_date,
        end_date=end_date,
        requested_hours=requested_hours,
        requested_acres=requested_acres,
        note=note or "",
    )
    order.transition_to(OrderStatus.INTEREST_RAISED)
    order.save(force_insert=True)
    consume_intent(intent_id, user=by.user, order=order)
    notify_order_placed(order)
    _record_change(order, previous=None, by=by, note=note, territory_id=territory_id_of(device.pincode))
    return order


@translate_constraint_errors(**{NO_DOUBLE_BOOKING: ALREADY_BOOKED})  # runs in a transaction of its own
def change_order_status(
    order: Order, *, to: str, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Order:
    """Change the status of an order, as its handler, and return the order.

    Raises Forbidden for anyone else and for what only the requester may do, InvalidTransition if no transition leads
    to `to`, StaleObjectError if the order was written after `expected_updated_at`, DomainError if it is too late to
    reject or if accepting would book the device twice.
    """
    order, device = _lock(order, to)
    must_handle(order, by)
    if to == OrderStatus.CANCELLED or order.policy_of(to) is must_be_requester:
        raise Forbidden(ONLY_REQUESTER_CANCELS)
    check_not_stale(order.updated_at, expected_updated_at)
    return _change_status(order, to, by=by, note=note, device=device)


@transaction.atomic
def reject_order(order: Order, *, by: Actor, note: str | None = None) -> Order:
    """Reject an order, as its handler, and return it. Raises Forbidden; DomainError once it was accepted or ended."""
    order, _ = _lock(order, OrderStatus.REJECTED)
    must_reject(order, by)
    return _change_status(order, OrderStatus.REJECTED, by=by, note=note)


@transaction.atomic
def cancel_order(order: Order, *, by: Actor, note: str | None = None) -> Order:
    """Cancel an unanswered order, as its requester, and return it. Raises Forbidden; DomainError once answered."""
    order, _ = _lock(order, OrderStatus.CANCELLED)
    must_be_requester(order, by)
    return _change_status(order, OrderStatus.CANCELLED, by=by, note=note)


def _lock(order: Order, to: str) -> tuple[Order, Device | None]:
    """Lock the order, and before it the device if the change may book it."""
    may_book = to in BOOKED and order.status not in BOOKED
    device = Device.objects.lock(order.device_id) if may_book else None
    return Order.objects.lock(order.pk), device


def _change_status(order: Order, to: str, *, by: Actor, note: str | None, device: Device | None = None) -> Order:
    _check_in_time(order, to)
    previous = order.status
    order.transition_to(to)
    if device is not None and previous not in BOOKED:
        _check_free(device, order)
    order.note = note or order.note
    order.save(update_fields=["status", "note", "updated_at"])
    notify_status_changed(order, previous=previous, note=note)
    _record_change(order, previous=previous, by=by, note=note, territory_id=order.territory_id)
    return order


def _record_change(
    order: Order, *, previous: str | None, by: Actor, note: str | None, territory_id: str | None
) -> None:
    record_change(
        order_id=order.pk,
        kind=order.kind,
        status=order.status,
        previous=previous,
        by=by,
        note=note,
        territory_id=territory_id,
    )


def _check_in_time(order: Order, to: str) -> None:
    """Raise DomainError with the contract's own texts if it is too late to cancel or to reject."""
    if to == OrderStatus.CANCELLED and order.status != OrderStatus.INTEREST_RAISED:
        raise DomainError(ONLY_NEW_CANCELLED)
    if to == OrderStatus.REJECTED and order.status not in REJECTABLE:
        raise DomainError(ONLY_OPEN_REJECTED)


def _handler_of(device: Device, kind: Kind) -> VleProfile | None:
    """Return the VLE who has leased the device. Raises DomainError if the device is not to be had in this way."""
    if device.status != DeviceStatus.LIVE:
        raise DomainError(NOT_ORDERABLE)
    lessee_ids = Device.objects.filter(pk=device.pk).lessee_ids()
    lessee = VleProfile.objects.select_related("user").filter(pk__in=lessee_ids).first()
    if kind == Kind.RENT and lessee is None:
        raise DomainError(NOT_LEASED)
    if kind == Kind.LEASE and lessee is not None:
        raise DomainError(ALREADY_LEASED)
    return lessee


def _check_free(device: Device, order: Order) -> None:
    if device.status == DeviceStatus.RETIRED:
        raise DomainError(NOT_ORDERABLE)
    rival = (
        Order.objects.booked()
        .filter(device=device, kind=order.kind)
        .filter(start_date__lte=order.end_date, end_date__gte=order.start_date)
        .order_by("start_date")
        .first()
    )
    if rival is not None:
        raise DomainError(f"{ALREADY_BOOKED} from {rival.start_date} to {rival.end_date}")
