"""Query devices, their master data and their prices."""

import re
from datetime import date
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import F, FilteredRelation, Q

from core.database import find_by_id
from core.errors import NotFound
from core.text import canonical_digits
from devices.choices import LEASE_ACTIVE, RuleStatus
from devices.workflow import DeviceWorkflow

IS_DEFAULT_RULE = Q(effective_to__isnull=True)

Row = TypeVar("Row", bound=models.Model)
DeviceRow = TypeVar("DeviceRow", bound=DeviceWorkflow)
_CODE = re.compile(r"[A-Z0-9_]{1,50}", re.ASCII)
_START_OF_ID = re.compile(r"[0-9a-f-]{1,36}", re.ASCII)


class Priced(Protocol):
    """Represent what prices depend on: the type and the PIN code of a device."""

    device_type_id: Any
    pincode: Any


def is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


class MasterDataQuerySet(models.QuerySet[Row]):
    """Query rows whose primary key is a code."""

    def active(self) -> Self:
        return self.filter(active=True)

    def matching(self, *, active: bool | None) -> Self:
        """Filter to active or inactive rows; None does not filter."""
        return self if active is None else self.filter(active=active)

    def with_code(self, code: Any) -> Self:
        """Filter to the row with this code; to none for an invalid code."""
        return self.filter(pk=code) if is_code(code) else self.none()

    def find(self, code: Any) -> Row:
        """Return the row with this code. Raises NotFound."""
        row = self.with_code(code).first()
        if row is None:
            raise NotFound(f"{str(self.model._meta.verbose_name).capitalize()} not found")
        return row

    def lock(self, code: Any) -> Row:
        """Return the row, locked until the transaction ends. Raises NotFound.

        Writers that refer to the row, price it or deactivate it lock it first.
        """
        return self.select_for_update(of=("self",), no_key=True).find(code)


class DeviceQuerySet(models.QuerySet[DeviceRow]):
    def with_current_lease(self) -> Self:
        """Annotate devices with `current_lease_id` and `current_vle_id` of the active lease, None without one.

        The lease holds the foreign key; the device stores neither.
        """
        return self.annotate(
            active_lease=FilteredRelation("leases", condition=Q(leases__status=LEASE_ACTIVE)),
            current_lease_id=F("active_lease__id"),
            current_vle_id=F("active_lease__vle_id"),
        )

    def leased(self) -> Self:
        return self.filter(leases__status=LEASE_ACTIVE)

    def lessee_ids(self) -> models.QuerySet:
        """Return the ids of the VLE profiles that lease these devices now."""
        return self.leased().values("leases__vle_id")

    def find(self, device_id: object) -> DeviceRow:
        """Return the device with this id. Raises NotFound, also for an invalid UUID."""
        return find_by_id(self, device_id, "Device not found")

    def lock(self, device_id: object) -> DeviceRow:
        """Return the device, locked until the transaction ends. Raises NotFound.

        Bookings, leases and status changes of the device lock it first: the order is device, order, lease, so that
        they cannot deadlock. Query leases after this, never joined to it: a joined row would be as old as the moment
        at which the wait for the lock started.
        """
        return self.select_for_update(of=("self",), no_key=True).find(device_id)

    def with_details(self) -> Self:
        """Annotate devices with their active lease and prefetch their media, as `DeviceOutput` needs them."""
        return self.with_current_lease().prefetch_related("media")

    def matching(self, text: str) -> Self:
        """Filter to devices whose name contains `text`, or whose id, sensor or PIN code starts with it."""
        return self.filter(
            Q(name__icontains=text)
            | Q(sensor_id__istartswith=text)
            | Q(pincode__startswith=canonical_digits(text) or text)
            | _id_starts_with(text.lower())
        )


class DeviceMediaQuerySet(models.QuerySet[Row]):
    def photos(self) -> Self:
        return self.filter(content_type__startswith="image/")


class PricingRuleQuerySet(models.QuerySet[Row]):
    def find(self, rule_id: object) -> Row:
        """Return the rule with this id. Raises NotFound, also for an invalid UUID."""
        return find_by_id(self, rule_id, "Pricing rule not found")

    def lock(self, rule_id: object) -> Row:
        """Return the rule, locked until the transaction ends. Raises NotFound. Lock its device type first."""
        return self.select_for_update(of=("self",), no_key=True).find(rule_id)

    def active(self) -> Self:
        return self.filter(status=RuleStatus.ACTIVE)

    def of(self, device: Priced) -> Self:
        """Filter to the active rules for the device's type and PIN code."""
        return self.active().filter(device_type=device.device_type_id, pincode=device.pincode)

    def at(self, pincode: str) -> Self:
        """Filter to the rules of a PIN code in any spelling; to none for text that is not made of digits."""
        digits = canonical_digits(pincode)
        return self.filter(pincode=digits) if digits.isascii() and digits.isdigit() else self.none()

    def defaults(self) -> Self:
        return self.filter(IS_DEFAULT_RULE)

    def of_periods(self) -> Self:
        return self.exclude(IS_DEFAULT_RULE)

    def valid_on(self, day: date) -> Self:
        """Filter to the rules that price this day: the default rule from its first day, others in their period."""
        has_started = Q(effective_from__isnull=True) | Q(effective_from__lte=day)
        has_not_ended = IS_DEFAULT_RULE | Q(effective_to__gte=day)
        return self.filter(has_started, has_not_ended)


def _id_starts_with(text: str) -> Q:
    if not _START_OF_ID.fullmatch(text):
        return Q(pk__in=[])
    digits = text.replace("-", "")[:32]
    return Q(pk__range=(UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))))
