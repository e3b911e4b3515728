"""What writes devices. Every door to a change of a device's state leads through here."""

from typing import Any

from django.db import transaction

from accounts.actors import Actor, Door
from core.database import constraints_worded
from core.errors import DomainError
from devices.models import Device, DeviceType, Manufacturer
from devices.models.device import ONE_DEVICE_PER_SENSOR, SENSOR_IS_TAKEN
from devices.policies import must_manage_devices
from devices.pricing import has_default_price
from devices.workflow import DeviceStatus

RETIRED_IS_FINAL = "Retired device cannot be changed"
PRICE_NEEDED = "Default pricing rule required before taking device live"
PICTURE_NEEDED = "At least one picture required before taking device live"
LEASED_STAYS = "Leased device cannot be retired"
NEVER_LIVE = (DeviceStatus.DRAFT, DeviceStatus.ONBOARDED)


@transaction.atomic
def draft_device(*, by: Actor, **details: Any) -> Device:
    """Enter a new device, as a DRAFT; it needs an operator where its type does, unless `details` say otherwise.

    Raises DomainError for a type or manufacturer that is not active (any more), and for a sensor of another device.
    """
    must_manage_devices(None, by)
    _lock_references(details)
    device = Device(**{"requires_operator": details["device_type"].requires_operator} | details)
    return _saved(device)


@transaction.atomic
def edit_device(device: Device, *, by: Actor, **changes: Any) -> Device:
    """Correct what is said of a device. Raises DomainError as `draft_device`, and for a RETIRED device."""
    must_manage_devices(device, by)
    device = lock_for_change(device)
    _lock_references({name: row for name, row in changes.items() if row != getattr(device, name)})
    for name, value in changes.items():
        setattr(device, name, value)
    return _saved(device)


@transaction.atomic
def move_device(device: Device, *, to: str, by: Actor) -> Device:
    """Move a device along its life.

    Raises InvalidTransition where no arrow leads to `to`; DomainError where what LIVE needs is missing, or where a
    leased device were to be retired.
    """
    must_manage_devices(device, by)
    device = Device.objects.lock(device.pk)
    came_from = device.status
    device.step_to(to, by=by)
    if to == DeviceStatus.LIVE:
        _must_be_fit_for_live(device, came_from, by)
    if to == DeviceStatus.RETIRED:
        _must_not_be_leased(device)
    device.save(update_fields=["status", "updated_at"])
    return device


def lock_for_change(device: Device) -> Device:
    """The device, locked to the end of the transaction. Raises DomainError for a RETIRED one."""
    device = Device.objects.lock(device.pk)
    if device.is_retired:
        raise DomainError(RETIRED_IS_FINAL)
    return device


def _must_be_fit_for_live(device: Device, came_from: str, by: Actor) -> None:
    if not has_default_price(device):
        raise DomainError(PRICE_NEEDED)
    # The back office and the demo enter devices without pictures.
    if by.door == Door.API and came_from in NEVER_LIVE and not device.media.pictures().exists():
        raise DomainError(PICTURE_NEEDED)


def _must_not_be_leased(device: Device) -> None:
    # Asked under the lock, which whoever leases the device must hold too.
    if Device.objects.leased().filter(pk=device.pk).exists():
        raise DomainError(LEASED_STAYS)


def _lock_references(details: dict[str, Any]) -> None:
    # Under their locks, nobody can deactivate them meanwhile because nothing refers to them.
    for name, model in (("device_type", DeviceType), ("manufacturer", Manufacturer)):
        if name in details and not model.objects.lock(details[name].pk).active:
            raise DomainError(f"{str(model._meta.verbose_name).capitalize()} is not active")


def _saved(device: Device) -> Device:
    with constraints_worded(**{ONE_DEVICE_PER_SENSOR: SENSOR_IS_TAKEN}):
        device.save()
    return device
