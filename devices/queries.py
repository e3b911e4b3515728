"""Questions about many devices."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import F, FilteredRelation, Q

from core.database import find_by_id

if TYPE_CHECKING:
    from devices.models import Device


class DeviceQuerySet(models.QuerySet["Device"]):
    def with_current_lease(self) -> "DeviceQuerySet":
        """Adds `current_lease_id` and `current_vle_id`, both None while nobody leases the device.

        The lease holds the key, so what is asked here is never stored a second time.
        """
        return self.annotate(
            active_lease=FilteredRelation("leases", condition=Q(leases__status="ACTIVE")),
            current_lease_id=F("active_lease__id"),
            current_vle_id=F("active_lease__vle_id"),
        )

    def find(self, device_id: Any) -> "Device":
        """The device with this id. Raises NotFound, also for what is no id at all."""
        return find_by_id(self, device_id, "Device not found")

    def lock(self, device_id: UUID) -> "Device":
        """The device, locked to the end of the transaction; its bookings, leases and status changes queue here.

        Locks are taken in the order device, order, lease, so that rivals wait and never deadlock. Ask about leases
        after this, not together with it: a joined row would be as old as the moment the waiting began.
        """
        return self.select_for_update(no_key=True).find(device_id)
