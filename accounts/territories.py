"""Which territory a PIN code lies in, and who works where."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.db.models import CharField, F, Q, QuerySet
from django.db.models.expressions import Expression, OuterRef, Subquery
from django.db.models.functions import Length, StrIndex

from accounts.models import Territory, TerritoryMembership, TerritoryPrefix, User

WORK_EVERYWHERE = "accounts.work_everywhere"


def territory_id_of(pincode: str) -> str | None:
    """The territory with the longest prefix of this PIN code; None where there is none."""
    starts = [pincode[:length] for length in range(1, len(pincode) + 1)]
    longest = TerritoryPrefix.objects.filter(prefix__in=starts).order_by(Length("prefix").desc()).first()
    return longest.territory_id if longest else None


def territory_ids_of(pincodes: Collection[str]) -> dict[str, str | None]:
    """The same of many PIN codes, with one query."""
    starts = {pincode[:length] for pincode in pincodes for length in range(1, len(pincode) + 1)}
    owners = dict(TerritoryPrefix.objects.filter(prefix__in=starts).values_list("prefix", "territory_id"))

    def owner(pincode: str) -> str | None:
        longest_first = (pincode[:length] for length in range(len(pincode), 0, -1))
        return next((owners[start] for start in longest_first if start in owners), None)

    return {pincode: owner(pincode) for pincode in pincodes}


def territory_id_for(pincode_path: str) -> Expression:
    """The same as a column: for a queryset whose rows reach a PIN code by `pincode_path`."""
    fitting = TerritoryPrefix.objects.annotate(
        place=StrIndex(OuterRef(pincode_path), F("prefix")),
    ).filter(place=1)
    return Subquery(fitting.order_by(Length("prefix").desc()).values("territory_id")[:1], output_field=CharField())


def membership_of(user: User, territory_id: str) -> TerritoryMembership | None:
    """How this user works in that territory, if at all."""
    return TerritoryMembership.objects.filter(user=user, territory_id=territory_id).first()


def own_territories(user: User) -> frozenset[str] | None:
    """The territories that somebody's work in the back office is limited to; None where it is not limited."""
    if user.has_perm(WORK_EVERYWHERE):
        return None
    return frozenset(TerritoryMembership.objects.filter(user=user).values_list("territory_id", flat=True))


def territories_seen_by(user: User) -> QuerySet[Territory]:
    """The territories that somebody may look at in the back office."""
    own = own_territories(user)
    return Territory.objects.all() if own is None else Territory.objects.filter(pk__in=own)


def with_global_access(users: Collection[User]) -> set[UUID]:
    """Those of these active users whose work is not limited, asked for all of them at once."""
    holders = ModelBackend().with_perm(WORK_EVERYWHERE)
    return set(holders.filter(pk__in={user.pk for user in users}).values_list("pk", flat=True))


def in_territories(territory_ids: Collection[str], *, pincode_path: str) -> Q:
    """The rows whose PIN code lies in one of these territories, by its longest prefix.

    One look at the prefixes instead of one for each row: what is left to the database are comparisons of text.
    """
    owners = dict(TerritoryPrefix.objects.values_list("prefix", "territory_id"))
    inside = Q(pk__in=[])
    for prefix in (prefix for prefix, owner in owners.items() if owner in territory_ids):
        others = (other for other, owner in owners.items() if owner not in territory_ids)
        elsewhere = [other for other in others if other.startswith(prefix)]
        inside |= _starting_with([prefix], pincode_path) & ~_starting_with(elsewhere, pincode_path)
    return inside


def _starting_with(prefixes: Collection[str], path: str) -> Q:
    starts = Q(pk__in=[])
    for prefix in prefixes:
        starts |= Q(**{f"{path}__startswith": prefix})
    return starts
