"""Which territory a PIN code lies in, and who works where."""

from django.db.models import CharField, F
from django.db.models.expressions import Expression, OuterRef, Subquery
from django.db.models.functions import Length, StrIndex

from accounts.models import TerritoryMembership, TerritoryPrefix, User


def territory_id_of(pincode: str) -> str | None:
    """The territory with the longest prefix of this PIN code; None where there is none."""
    starts = [pincode[:length] for length in range(1, len(pincode) + 1)]
    longest = TerritoryPrefix.objects.filter(prefix__in=starts).order_by(Length("prefix").desc()).first()
    return longest.territory_id if longest else None


def territory_id_for(pincode_path: str) -> Expression:
    """The same as a column: for a queryset whose rows reach a PIN code by `pincode_path`."""
    fitting = TerritoryPrefix.objects.annotate(
        place=StrIndex(OuterRef(pincode_path), F("prefix")),
    ).filter(place=1)
    return Subquery(fitting.order_by(Length("prefix").desc()).values("territory_id")[:1], output_field=CharField())


def membership_of(user: User, territory_id: str) -> TerritoryMembership | None:
    """How this user works in that territory, if at all."""
    return TerritoryMembership.objects.filter(user=user, territory_id=territory_id).first()
