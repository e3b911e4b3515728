"""Territories of PIN codes, and the territories in which users work."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.db.models import CharField, F, Q, QuerySet
from django.db.models.expressions import OuterRef, Subquery
from django.db.models.functions import Length, StrIndex

from accounts.models import Territory, TerritoryMembership, TerritoryPrefix, User

WORK_EVERYWHERE = "accounts.work_everywhere"


def territory_id_of(pincode: str) -> str | None:
    """Return the territory with the longest prefix of this PIN code, or None."""
    starts = [pincode[:length] for length in range(1, len(pincode) + 1)]
    longest = TerritoryPrefix.objects.filter(prefix__in=starts).order_by(Length("prefix").desc()).first()
    return longest.territory_id if longest else None


def territory_ids_of(pincodes: Collection[str]) -> dict[str, str | None]:
    """Map each PIN code to its territory or None, with one query."""
    starts = {pincode[:length] for pincode in pincodes for length in range(1, len(pincode) + 1)}
    owners = dict(TerritoryPrefix.objects.filter(prefix__in=starts).values_list("prefix", "territory_id"))

    def owner(pincode: str) -> str | None:
        longest_first = (pincode[:length] for length in range(len(pincode), 0, -1))
        return next((owners[start] for start in longest_first if start in owners), None)

    return {pincode: owner(pincode) for pincode in pincodes}


def territory_id_for(pincode_path: str) -> Subquery:
    """Return an expression for the territory id of rows whose PIN code is found at `pincode_path`."""
    matching = TerritoryPrefix.objects.annotate(
        position=StrIndex(OuterRef(pincode_path), F("prefix")),
    ).filter(position=1)
    return Subquery(matching.order_by(Length("prefix").desc()).values("territory_id")[:1], output_field=CharField())


def membership_of(user: User, territory_id: str) -> TerritoryMembership | None:
    """Return the membership of a user in a territory, or None."""
    return TerritoryMembership.objects.filter(user=user, territory_id=territory_id).first()


def own_territories(user: User) -> frozenset[str] | None:
    """Return the ids of the territories to which a user's work in the back office is limited; None if it is not."""
    if user.has_perm(WORK_EVERYWHERE):
        return None
    return frozenset(TerritoryMembership.objects.filter(user=user).values_list("territory_id", flat=True))


def territories_seen_by(user: User) -> QuerySet[Territory]:
    """Filter to the territories that a user sees in the back office."""
    own = own_territories(user)
    return Territory.objects.all() if own is None else Territory.objects.filter(pk__in=own)


def with_global_access(users: Collection[User]) -> set[UUID]:
    """Return the ids of those of these active users whose work is not limited to territories, with one query."""
    holders = ModelBackend().with_perm(WORK_EVERYWHERE)
    return set(holders.filter(pk__in={user.pk for user in users}).values_list("pk", flat=True))


def in_territories(territory_ids: Collection[str], *, pincode_path: str) -> Q:
    """Return a condition for rows whose PIN code lies in one of these territories, by its longest prefix.

    Reads the prefixes once, so that the database only compares text for each row.
    """
    owners = dict(TerritoryPrefix.objects.values_list("prefix", "territory_id"))
    inside = Q(pk__in=[])
    for prefix in (prefix for prefix, owner in owners.items() if owner in territory_ids):
        others = (other for other, owner in owners.items() if owner not in territory_ids)
        elsewhere = [other for other in others if other.startswith(prefix)]
        inside |= _starting_with([prefix], pincode_path) & ~_starting_with(elsewhere, pincode_path)
    return inside


def people_in(territory_ids: Collection[str], living_there: Q, *, user_path: str = "pk") -> Q:
    """Return a condition for people who live in these territories (`living_there`) or are members of them."""
    members = TerritoryMembership.objects.filter(territory__in=territory_ids).values("user")
    return living_there | Q(**{f"{user_path}__in": members})


def is_visible_person(viewer: User, person: User) -> bool:
    """Return whether a member of staff sees this user: staff limited to territories see people of those only."""
    own = own_territories(viewer)
    if own is None:
        return True
    visible = people_in(own, in_territories(own, pincode_path="pincode"))
    return User.objects.filter(visible, pk=person.pk).exists()


def foreign_prefixes(user: User, prefixes: Collection[str]) -> list[str]:
    """List those of these PIN code prefixes that lie in a territory in which the user does not work."""
    own = own_territories(user)
    if own is None:
        return []
    owners = territory_ids_of(prefixes)
    return [prefix for prefix in prefixes if (owner := owners[prefix]) is not None and owner not in own]


def _starting_with(prefixes: Collection[str], path: str) -> Q:
    starts = Q(pk__in=[])
    for prefix in prefixes:
        starts |= Q(**{f"{path}__startswith": prefix})
    return starts
