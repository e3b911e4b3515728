"""Decide who may do what with a service order: rights come from a membership of its territory, in any active role."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from accounts.actors import Actor
from accounts.models import TerritoryMembership
from accounts.territories import membership_of
from core.errors import Forbidden
from service_orders.errors import TerritoryMismatch

ROLE_NEEDED = "Choose an active role first"
NOT_A_MEMBER = "Insufficient permissions"
VERIFIERS_ONLY = "Only those who may verify in this territory can do this"
CREATOR_OR_VERIFIERS_ONLY = "Only the creator, or those who may verify in this territory, can do this"


class Origin(Protocol):
    """Describe what the policies read of a service order."""

    id: UUID
    territory_id: str
    created_by_id: UUID


@dataclass(frozen=True)
class Member:
    """Represent an actor with a membership of one territory."""

    actor: Actor
    membership: TerritoryMembership

    @property
    def territory_id(self) -> str:
        return self.membership.territory_id

    @property
    def can_verify(self) -> bool:
        return self.membership.can_verify


def member_of(territory_id: str, actor: Actor) -> Member:
    """Return the actor as a member of the territory. Raises Forbidden; an unknown territory reads the same."""
    if actor.role is None:
        raise Forbidden(ROLE_NEEDED)
    membership = membership_of(actor.user, territory_id)
    if membership is None:
        raise Forbidden(NOT_A_MEMBER)
    return Member(actor, membership)


def is_creator(order: Origin, member: Member) -> bool:
    return order.created_by_id == member.actor.user.pk


def sees_insurance(order: Origin, member: Member) -> bool:
    """Return whether the member may see the insurance data: the creator and verifiers may."""
    return member.can_verify or is_creator(order, member)


def must_be_in_territory(order: Origin, member: Member) -> None:
    """Raise TerritoryMismatch unless the order belongs to the member's territory."""
    if order.territory_id != member.territory_id:
        raise TerritoryMismatch(str(order.id))


def must_verify(order: Origin, member: Member) -> None:
    """Raise Forbidden unless the member may verify."""
    if not member.can_verify:
        raise Forbidden(VERIFIERS_ONLY)


def must_be_creator_or_verify(order: Origin, member: Member) -> None:
    """Raise Forbidden unless the member created the order or may verify."""
    if not (member.can_verify or is_creator(order, member)):
        raise Forbidden(CREATOR_OR_VERIFIERS_ONLY)
