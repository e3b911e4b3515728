"""Write service orders: every change of a status goes through this module."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core.database import translate_constraint_errors
from core.errors import DomainError
from core.versions import check_not_stale
from events.choices import OrderKind
from events.models import OrderEvent
from events.services import record_change
from service_orders.choices import Priority
from service_orders.encryption import InsuranceInfo, encrypt_insurance
from service_orders.models import ONE_PER_TRACKING_ID, ServiceOrder
from service_orders.policies import Member, must_be_in_territory
from service_orders.tracking import new_tracking_id

TRIES = 5  # a second try is needed once in millions of orders


class _TrackingIdTaken(DomainError):
    """Report a collision of tracking ids; another one is tried."""


def place_service_order(
    *,
    by: Member,
    patient_id: str,
    provider_id: str,
    insurance: InsuranceInfo,
    service_type: str,
    priority: str = Priority.NORMAL,
) -> ServiceOrder:
    """Request an insured service in the member's territory; return the new order, which waits for verification."""
    order = ServiceOrder(
        territory_id=by.territory_id,
        patient_id=patient_id,
        provider_id=provider_id,
        insurance_encrypted=encrypt_insurance(insurance),
        service_type=service_type,
        priority=priority,
        created_by=by.actor.user,
    )
    for _ in range(TRIES - 1):
        try:
            return _save_new(order, by.actor)
        except _TrackingIdTaken:
            continue
    return _save_new(order, by.actor)


@transaction.atomic
def change_service_order_status(
    order: ServiceOrder,
    *,
    to: str,
    by: Member,
    note: str | None = None,
    verification_data: dict[str, Any] | None = None,
    expected_updated_at: datetime | None = None,
) -> ServiceOrder:
    """Change the status of an order and return it; its `last_event` is the history row of the change.

    Raises TerritoryMismatch, Forbidden if `by` may not give orders the status `to`, StaleObjectError if the order was
    written after `expected_updated_at`, InvalidTransition if no transition leads from the present status to `to`.
    """
    order = ServiceOrder.objects.lock(order.pk)
    must_be_in_territory(order, by)
    order.check_permission(to, by=by)
    check_not_stale(order.updated_at, expected_updated_at)
    previous = order.status
    order.transition_to(to)
    order.note = note or order.note
    order.save(update_fields=["status", "note", "updated_at"])
    order.last_event = _record_change(order, previous, by.actor, note=note, verification_data=verification_data)
    return order


def _save_new(order: ServiceOrder, by: Actor) -> ServiceOrder:
    order.tracking_id = new_tracking_id()
    # This block is the transaction: a collision leaves nothing of the order behind.
    with translate_constraint_errors(**{ONE_PER_TRACKING_ID: _TrackingIdTaken()}):
        order.save(force_insert=True)
        order.last_event = _record_change(order, None, by)
    return order


def _record_change(
    order: ServiceOrder,
    previous: str | None,
    by: Actor,
    *,
    note: str | None = None,
    verification_data: dict[str, Any] | None = None,
) -> OrderEvent:
    return record_change(
        order_id=order.pk,
        kind=OrderKind.SERVICE,
        status=order.status,
        previous=previous,
        by=by,
        territory_id=order.territory_id,
        note=note,
        verification_data=verification_data,
    )
