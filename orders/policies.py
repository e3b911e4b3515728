"""Decide who may do what with an order; each refusal has its text here (contract, "Authorization Rules")."""

from typing import Protocol
from uuid import UUID

from accounts.actors import Actor
from core.errors import Forbidden

NOT_YOURS = "You do not have access to this order"
ONLY_CREATORS = "Only FARMER and VLE roles can create orders"
NO_VLE_PROFILE = "VLE profile not found for user"
VLE_SUSPENDED = "VLE profile is suspended"
ONLY_REQUESTER_CANCELS = "Only the requester can cancel the order"
ONLY_ADMINS_HANDLE_LEASE = "Only admins can handle LEASE orders"
ONLY_ADMINS_REJECT_LEASE = "Only admins can reject LEASE orders. VLE is the requester, not the handler."
ONLY_ADMINS_VIEW_LEASE = "Only admins can view LEASE orders"
ONLY_ASSIGNED_VLE_HANDLES_RENT = "Only the assigned VLE can handle this RENT order"
ONLY_VLES_VIEW_RENT = "Only VLEs can view RENT orders"
ROLE_NEEDED = "Choose an active role first"


class Parties(Protocol):
    """Describe what the policies read of an order."""

    requester_id: UUID
    handler_vle_id: UUID | None

    @property
    def is_lease(self) -> bool: ...


def is_requester(order: Parties, actor: Actor) -> bool:
    """Return whether the actor is the VLE of a LEASE order or the farmer of a RENT order, in that role."""
    return order.requester_id == actor.user.pk and (actor.is_vle if order.is_lease else actor.is_farmer)


def is_handler(order: Parties, actor: Actor) -> bool:
    """Return whether the actor is an admin (LEASE order) or the VLE whom the order is assigned to (RENT order)."""
    if order.is_lease:
        return actor.is_admin
    return actor.is_vle and actor.vle is not None and order.handler_vle_id == actor.vle.pk


def must_create_orders(order: None, actor: Actor) -> None:
    """Raise Forbidden unless the actor is a farmer, or a VLE with an active profile."""
    if not (actor.is_farmer or actor.is_vle):
        raise Forbidden(ONLY_CREATORS)
    if actor.is_vle and actor.vle is None:
        raise Forbidden(NO_VLE_PROFILE)
    _must_not_be_suspended(actor)


def must_see(order: Parties, actor: Actor) -> None:
    """Raise Forbidden unless the actor is the requester or a handler of the order."""
    if not (is_requester(order, actor) or is_handler(order, actor)):
        raise Forbidden(NOT_YOURS)


def must_handle(order: Parties, actor: Actor) -> None:
    """Raise Forbidden unless the actor handles the order and is not suspended."""
    if not is_handler(order, actor):
        raise Forbidden(ONLY_ADMINS_HANDLE_LEASE if order.is_lease else ONLY_ASSIGNED_VLE_HANDLES_RENT)
    _must_not_be_suspended(actor)


def must_reject(order: Parties, actor: Actor) -> None:
    """Raise Forbidden as `must_handle`, with a text of its own for VLEs and LEASE orders."""
    if order.is_lease and actor.is_vle:
        raise Forbidden(ONLY_ADMINS_REJECT_LEASE)
    must_handle(order, actor)


def must_be_requester(order: Parties, actor: Actor) -> None:
    """Raise Forbidden unless the actor is the requester of the order."""
    if not is_requester(order, actor):
        raise Forbidden(ONLY_REQUESTER_CANCELS)


def must_have_role(actor: Actor) -> None:
    """Raise Forbidden unless a role is active."""
    if actor.role is None:
        raise Forbidden(ROLE_NEEDED)


def must_list_lease_orders(actor: Actor) -> None:
    """Raise Forbidden unless the actor is an admin."""
    if not actor.is_admin:
        raise Forbidden(ONLY_ADMINS_VIEW_LEASE)


def must_list_rent_orders(actor: Actor) -> None:
    """Raise Forbidden unless the actor is a VLE with a profile."""
    if actor.vle is None:
        raise Forbidden(NO_VLE_PROFILE if actor.is_vle else ONLY_VLES_VIEW_RENT)


def _must_not_be_suspended(actor: Actor) -> None:
    if actor.vle is not None and not actor.vle.is_active:
        raise Forbidden(VLE_SUSPENDED)
