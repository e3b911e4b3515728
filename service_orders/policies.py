"""Who may do what with a service order. Rights come from working in its territory, in whatever active role."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.actors import Actor
from accounts.models import TerritoryMembership
from accounts.territories import membership_of
from core.errors import Forbidden
from service_orders.errors import TerritoryMismatch

if TYPE_CHECKING:
    from service_orders.models import ServiceOrder

ROLE_NEEDED = "Choose an active role first"
NOT_A_MEMBER = "Insufficient permissions"
VERIFIERS_ONLY = "Only those who may verify in this territory can do this"
CREATOR_OR_VERIFIERS_ONLY = "Only the creator, or those who may verify in this territory, can do this"


@dataclass(frozen=True)
class Member:
    """Someone at work in one territory."""

    actor: Actor
    membership: TerritoryMembership

    @property
    def territory_id(self) -> str:
        return self.membership.territory_id

    @property
    def can_verify(self) -> bool:
        return self.membership.can_verify


def member_of(territory_id: str, actor: Actor) -> Member:
    """The actor as a member of a territory. Raises Forbidden, in the same words where there is no such territory."""
    if actor.role is None:
        raise Forbidden(ROLE_NEEDED)
    membership = membership_of(actor.user, territory_id)
    if membership is None:
        raise Forbidden(NOT_A_MEMBER)
    return Member(actor, membership)


def is_creator(order: "ServiceOrder", member: Member) -> bool:
    return order.created_by_id == member.actor.user.pk


def sees_insurance(order: "ServiceOrder", member: Member) -> bool:
    """Insurance data is for the creator and for those who verify."""
    return member.can_verify or is_creator(order, member)


def must_be_in_territory(order: "ServiceOrder", member: Member) -> None:
    if order.territory_id != member.territory_id:
        raise TerritoryMismatch(str(order.pk))


def must_verify(order: "ServiceOrder", member: Member) -> None:
    if not member.can_verify:
        raise Forbidden(VERIFIERS_ONLY)


def must_be_creator_or_verify(order: "ServiceOrder", member: Member) -> None:
    if not (member.can_verify or is_creator(order, member)):
        raise Forbidden(CREATOR_OR_VERIFIERS_ONLY)
