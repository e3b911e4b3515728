"""Questions about many devices, kinds of them, and prices."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import F, FilteredRelation, Q

from core.database import find_by_id
from core.errors import NotFound

if TYPE_CHECKING:
    from devices.models import Device, DeviceMedia, PricingRule  # noqa: F401 (in quotes below)

Row = TypeVar("Row", bound=models.Model)
_CODE = re.compile(r"[A-Z0-9_]{1,50}", re.ASCII)
_START_OF_ID = re.compile(r"[0-9a-f-]{1,36}", re.ASCII)


def is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


class MasterDataQuerySet(models.QuerySet[Row]):
    """Of rows that are known by a code."""

    def active(self) -> "MasterDataQuerySet[Row]":
        return self.filter(active=True)

    def with_code(self, code: Any) -> "MasterDataQuerySet[Row]":
        """The row with this code; none for what is no code at all."""
        return self.filter(pk=code) if is_code(code) else self.none()

    def find(self, code: Any) -> Row:
        """The row with this code. Raises NotFound."""
        row = self.with_code(code).first()
        if row is None:
            raise NotFound(f"{str(self.model._meta.verbose_name).capitalize()} not found")
        return row

    def lock(self, code: Any) -> Row:
        """The row, locked to the end of the transaction: who refers to it anew, prices it or deactivates it queues."""
        return self.select_for_update(no_key=True).find(code)


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

    def leased(self) -> "DeviceQuerySet":
        return self.filter(leases__status="ACTIVE")

    def lessee_ids(self) -> models.QuerySet:
        """Return the ids of the VLE profiles that lease these devices now."""
        return self.leased().values("leases__vle_id")

    def find(self, device_id: Any) -> "Device":
        """The device with this id. Raises NotFound, also for what is no id at all."""
        return find_by_id(self, device_id, "Device not found")

    def lock(self, device_id: UUID | str) -> "Device":
        """The device, locked to the end of the transaction; its bookings, leases and status changes queue here.

        Locks are taken in the order device, order, lease, so that rivals wait and never deadlock. Ask about leases
        after this, not together with it: a joined row would be as old as the moment the waiting began.
        """
        return self.select_for_update(no_key=True).find(device_id)

    def shown(self) -> "DeviceQuerySet":
        """With all that is shown of a device: its lease and its media."""
        return self.with_current_lease().prefetch_related("media")

    def matching(self, text: str) -> "DeviceQuerySet":
        """Devices whose name contains `text`, or whose id, sensor or PIN code starts with it."""
        return self.filter(
            Q(name__icontains=text)
            | Q(sensor_id__istartswith=text)
            | Q(pincode__startswith=text)
            | _id_starts_with(text.lower())
        )


class DeviceMediaQuerySet(models.QuerySet["DeviceMedia"]):
    def pictures(self) -> "DeviceMediaQuerySet":
        return self.filter(content_type__startswith="image/")


class PricingRuleQuerySet(models.QuerySet["PricingRule"]):
    def find(self, rule_id: Any) -> "PricingRule":
        """The rule with this id. Raises NotFound, also for what is no id at all."""
        return find_by_id(self, rule_id, "Pricing rule not found")

    def active(self) -> "PricingRuleQuerySet":
        return self.filter(status="ACTIVE")

    def of(self, device: "Device") -> "PricingRuleQuerySet":
        """The active rules for the device's type and PIN code."""
        return self.active().filter(device_type=device.device_type_id, pincode=device.pincode)

    def at(self, pincode: str) -> "PricingRuleQuerySet":
        """Rules of a PIN code; none for what is no PIN code at all."""
        return self.filter(pincode=pincode) if pincode.isascii() and pincode.isdigit() else self.none()

    def defaults(self) -> "PricingRuleQuerySet":
        return self.filter(self.model.DEFAULT)

    def in_force(self, on: date) -> "PricingRuleQuerySet":
        """Rules that price this day: the default one from its first day on, others within their period."""
        has_begun = Q(effective_from__isnull=True) | Q(effective_from__lte=on)
        has_not_ended = self.model.DEFAULT | Q(effective_to__gte=on)
        return self.filter(has_begun, has_not_ended)


def _id_starts_with(text: str) -> Q:
    if not _START_OF_ID.fullmatch(text):
        return Q(pk__in=[])
    digits = text.replace("-", "")[:32]
    return Q(pk__range=(UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))))
