"""Write territories, their PIN code prefixes and their members, each with its access change."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.choices import AccessChangeKind
from accounts.models import Territory, TerritoryMembership, TerritoryPrefix, User
from accounts.policies import must_change_prefixes, must_manage_members, must_manage_territories
from accounts.services.record import record_access_change
from core.database import translate_constraint_errors

TERRITORY_EXISTS = "This territory exists already"
PREFIX_TAKEN = "A PIN code prefix belongs to another territory already"
ALREADY_A_MEMBER = "This person is a member already"


@transaction.atomic
def save_territory(territory_id: str, *, by: Actor, name: str, prefixes: Collection[str] | None = None) -> Territory:
    """Create or change a territory so that it has this name and exactly these PIN code prefixes; None keeps them.

    Raises Forbidden, and DomainError for a prefix of another territory.
    """
    territory = Territory.objects.select_for_update(no_key=True).filter(pk=territory_id).first()
    must_manage_territories(territory_id, by, is_new=territory is None)
    before = _state(territory) if territory else {}
    old_prefixes = before.get("prefixes", [])
    new_prefixes = old_prefixes if prefixes is None else sorted(set(prefixes))
    after = {"name": name, "prefixes": new_prefixes}
    if territory is not None and after == before:
        return territory
    territory = _save_name(territory, territory_id, name)
    _save_prefixes(territory, by, before=old_prefixes, after=new_prefixes)
    record_access_change(AccessChangeKind.TERRITORY_SAVED, by=by, territory_id=territory_id, before=before, after=after)
    return territory


@transaction.atomic
def add_member(territory: Territory, *, by: Actor, user: User, can_verify: bool) -> TerritoryMembership:
    """Make a user a member of a territory. Raises Forbidden, and DomainError if they are one already."""
    must_manage_members(territory.pk, by, verb="add", user=user)
    with translate_constraint_errors(one_membership_per_territory=ALREADY_A_MEMBER):
        membership = TerritoryMembership.objects.create(territory=territory, user=user, can_verify=can_verify)
    _record(AccessChangeKind.MEMBER_ADDED, membership, by, after={"can_verify": can_verify})
    return membership


@transaction.atomic
def change_member(membership: TerritoryMembership, *, by: Actor, can_verify: bool) -> TerritoryMembership:
    """Change whether a member may verify service orders. Raises Forbidden, and NotFound after removal."""
    membership = TerritoryMembership.objects.lock(membership.pk)
    must_manage_members(membership.territory_id, by, verb="change", user=membership.user)
    if membership.can_verify == can_verify:
        return membership
    before, membership.can_verify = {"can_verify": membership.can_verify}, can_verify
    membership.save(update_fields=["can_verify"])
    _record(AccessChangeKind.MEMBER_CHANGED, membership, by, before=before, after={"can_verify": can_verify})
    return membership


@transaction.atomic
def remove_member(membership: TerritoryMembership, *, by: Actor) -> None:
    """Remove a member from a territory, at their next request. Raises Forbidden, and NotFound if already removed."""
    membership = TerritoryMembership.objects.lock(membership.pk)
    must_manage_members(membership.territory_id, by, verb="delete", user=membership.user)
    membership.delete()
    _record(AccessChangeKind.MEMBER_REMOVED, membership, by, before={"can_verify": membership.can_verify})


def _state(territory: Territory) -> dict[str, Any]:
    return {"name": territory.name, "prefixes": sorted(territory.prefixes.values_list("prefix", flat=True))}


def _save_name(territory: Territory | None, territory_id: str, name: str) -> Territory:
    if territory is None:
        with translate_constraint_errors(accounts_territory_pkey=TERRITORY_EXISTS):
            return Territory.objects.create(pk=territory_id, name=name)
    territory.name = name
    territory.save(update_fields=["name"])
    return territory


def _save_prefixes(territory: Territory, by: Actor, *, before: Collection[str], after: Collection[str]) -> None:
    added, removed = set(after) - set(before), set(before) - set(after)
    must_change_prefixes(by, added=added, removed=removed)
    territory.prefixes.filter(prefix__in=removed).delete()
    with translate_constraint_errors(accounts_territoryprefix_prefix_key=PREFIX_TAKEN):
        TerritoryPrefix.objects.bulk_create(TerritoryPrefix(territory=territory, prefix=prefix) for prefix in added)


def _record(kind: AccessChangeKind, membership: TerritoryMembership, by: Actor, **states: dict[str, bool]) -> None:
    record_access_change(kind, by=by, user=membership.user, territory_id=membership.territory_id, **states)
