"""Questions about many leases."""

from typing import TYPE_CHECKING

from django.db import models

from accounts.actors import Actor
from core.database import find_by_id, uuid_of
from leases.workflow import LeaseStatus

if TYPE_CHECKING:
    from leases.models import Lease


class LeaseQuerySet(models.QuerySet["Lease"]):
    def find(self, lease_id: object) -> "Lease":
        """The lease with this id. Raises NotFound, also for what is no id at all."""
        return find_by_id(self, lease_id, "Lease not found")

    def lock(self, lease: "Lease") -> "Lease":
        """The lease as it is now, locked to the end of the transaction. Lock its device first where that matters."""
        return self.select_for_update(no_key=True).get(pk=lease.pk)

    def active(self) -> "LeaseQuerySet":
        return self.filter(status=LeaseStatus.ACTIVE)

    def standing(self) -> "LeaseQuerySet":
        """The leases that were not terminated: of one order, at most one."""
        return self.exclude(status=LeaseStatus.TERMINATED)

    def with_details(self) -> "LeaseQuerySet":
        """Operators and attachments, in two queries for however many leases."""
        return self.prefetch_related("operators", "attachments")

    def of_vle(self, profile_id: str) -> "LeaseQuerySet":
        """The leases of the VLE profile with this id; none for what is no id."""
        key = uuid_of(profile_id)
        return self.none() if key is None else self.filter(vle=key)

    def of(self, actor: Actor) -> "LeaseQuerySet":
        """The leases the actor is a party to: a VLE's own; for an ADMIN, those signed."""
        return self.filter(vle=actor.vle) if actor.is_vle else self.filter(signed_by=actor.user)
