"""Query leases."""

from typing import Self, TypeVar

from django.db import models

from accounts.actors import Actor
from core.database import find_by_id, uuid_of
from leases.workflow import LeaseStatus, LeaseWorkflow

Row = TypeVar("Row", bound=LeaseWorkflow)


class LeaseQuerySet(models.QuerySet[Row]):
    def find(self, lease_id: object) -> Row:
        """Return the lease with this id. Raises NotFound, also for an invalid UUID."""
        return find_by_id(self, lease_id, "Lease not found")

    def lock(self, lease_id: object) -> Row:
        """Return the lease, locked until the transaction ends. Raises NotFound.

        Lock its device first if the lease is to start or end.
        """
        return self.select_for_update(of=("self",), no_key=True).find(lease_id)

    def active(self) -> Self:
        return self.filter(status=LeaseStatus.ACTIVE)

    def standing(self) -> Self:
        """Filter to the leases that were not terminated; an order has at most one."""
        return self.exclude(status=LeaseStatus.TERMINATED)

    def with_details(self) -> Self:
        """Prefetch operators and attachments, in two queries."""
        return self.prefetch_related("operators", "attachments")

    def of_vle(self, profile_id: str) -> Self:
        """Filter to the leases of the VLE profile with this id; to none for an invalid UUID."""
        key = uuid_of(profile_id)
        return self.none() if key is None else self.filter(vle=key)

    def of(self, actor: Actor) -> Self:
        """Filter to the leases of the actor: a VLE's own; for an ADMIN, those signed."""
        return self.filter(vle=actor.vle) if actor.is_vle else self.filter(signed_by=actor.user)
