"""What writes devices. Every door to a change of a device's state leads through here."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor, Source
from core.database import translate_constraint_errors
from core.errors import DomainError
from core.versions import check_not_stale
from devices.models import Device, DeviceEvent, DeviceType, Manufacturer
from devices.models.device import ONE_DEVICE_PER_SENSOR, PLACE_IS_KNOWN, SENSOR_IS_TAKEN
from devices.policies import must_manage_devices
from devices.pricing import has_default_price
from devices.workflow import DeviceStatus

RETIRED_IS_FINAL = "Retired device cannot be changed"
PLACE_NEEDED = "PIN code and location required before the onboarding ends"
PRICE_NEEDED = "Default pricing rule required before taking device live"
PICTURE_NEEDED = "At least one picture required before taking device live"
LEASED_STAYS = "Leased device cannot be retired"
NEVER_LIVE = (DeviceStatus.DRAFT, DeviceStatus.ONBOARDED)


@transaction.atomic
def draft_device(*, by: Actor, **details: Any) -> Device:
    """Enter a new device, as a DRAFT; it needs an operator where its type does, unless `details` say otherwise.

    Where it stands may be said later, while it is a DRAFT.
    Raises DomainError for a type or manufacturer that is not active (any more), and for a sensor of another device.
    """
    must_manage_devices(None, by)
    _lock_references(details)
    device = _saved(Device(**{"requires_operator": details["device_type"].requires_operator} | details))
    _record(device, previous="", by=by)
    return device


@transaction.atomic
def edit_device(device: Device, *, by: Actor, **changes: Any) -> Device:
    """Correct what is said of a device. Raises DomainError as `draft_device`, and for a RETIRED device.

    Only of a DRAFT may it be unsaid where it stands.
    """
    must_manage_devices(device, by)
    device = lock_for_change(device)
    _lock_references({name: row for name, row in changes.items() if row != getattr(device, name)})
    for name, value in changes.items():
        setattr(device, name, value)
    return _saved(device)


@transaction.atomic
def change_device_status(
    device: Device, *, to: str, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Device:
    """Move a device along its life, and note why.

    `expected_updated_at` is the version that the caller decided on. Raises StaleObjectError if it is outdated;
    InvalidTransition where no arrow leads to `to`; DomainError where what LIVE needs is missing, where nobody said
    where the device stands, or where a leased device were to be retired.
    """
    must_manage_devices(device, by)
    device = Device.objects.lock(device.pk)
    check_not_stale(device.updated_at, expected_updated_at)
    came_from = device.status
    device.transition_to(to, by=by)
    _must_be_fit_for(to, device, came_from, by)
    device.save(update_fields=["status", "updated_at"])
    _record(device, previous=came_from, by=by, note=note)
    return device


def lock_for_change(device: Device) -> Device:
    """The device, locked to the end of the transaction. Raises DomainError for a RETIRED one."""
    device = Device.objects.lock(device.pk)
    if device.is_retired:
        raise DomainError(RETIRED_IS_FINAL)
    return device


def _must_be_fit_for(to: str, device: Device, came_from: str, by: Actor) -> None:
    if to == DeviceStatus.RETIRED:
        _must_not_be_leased(device)
    elif not device.has_place:
        raise DomainError(PLACE_NEEDED)
    if to == DeviceStatus.LIVE:
        _must_be_fit_for_live(device, came_from, by)


def _must_be_fit_for_live(device: Device, came_from: str, by: Actor) -> None:
    if not has_default_price(device):
        raise DomainError(PRICE_NEEDED)
    # The back office and the demo enter devices without pictures.
    if by.source == Source.API and came_from in NEVER_LIVE and not device.media.pictures().exists():
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


def _record(device: Device, *, previous: str, by: Actor, note: str | None = None) -> None:
    DeviceEvent.objects.create(
        device=device,
        previous_status=previous,
        status=device.status,
        changed_by=by.user,
        source=by.source,
        note=note or "",
    )


def _saved(device: Device) -> Device:
    with translate_constraint_errors(**{ONE_DEVICE_PER_SENSOR: SENSOR_IS_TAKEN, PLACE_IS_KNOWN: PLACE_NEEDED}):
        device.save()
    return device
