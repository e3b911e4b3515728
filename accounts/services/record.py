"""Record access changes made by an actor."""

from collections.abc import Mapping
from typing import Any

from accounts.actors import Actor
from accounts.choices import AccessChangeKind
from accounts.models import AccessChange, User


def record_access_change(
    kind: AccessChangeKind,
    *,
    by: Actor,
    user: User | None = None,
    territory_id: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AccessChange:
    """Store one access change of a user, a territory or both, inside the transaction that makes it."""
    return AccessChange.objects.record(
        kind,
        changed_by_id=by.user.pk,
        source=by.source,
        user_id=user.pk if user else None,
        territory_id=territory_id,
        before=before,
        after=after,
    )
