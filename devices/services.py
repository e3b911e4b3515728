"""Write devices: every change of a device's details or status goes through this module."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor, Source
from core.database import translate_constraint_errors
from core.errors import DomainError, Invalid
from core.versions import check_not_stale
from devices.locations import Location, is_in_country
from devices.models import Device, DeviceEvent, DeviceType, Manufacturer
from devices.models.device import LOCATION_IS_KNOWN, ONE_DEVICE_PER_SENSOR, SENSOR_IS_TAKEN
from devices.policies import must_manage_devices
from devices.pricing import has_default_price
from devices.workflow import DeviceStatus

RETIRED_IS_FINAL = "Retired device cannot be changed"
LOCATION_NEEDED = "PIN code and location required before the onboarding ends"
LOCATION_ABROAD = "Location must lie inside the country, longitude first"
PRICE_NEEDED = "Default pricing rule required before taking device live"
PHOTO_NEEDED = "At least one picture required before taking device live"
LEASED_STAYS = "Leased device cannot be retired"
NEVER_LIVE = (DeviceStatus.DRAFT, DeviceStatus.ONBOARDED)


@transaction.atomic
def create_device(*, by: Actor, **details: Any) -> Device:
    """Create a device as a DRAFT and return it.

    It requires an operator if its type does, unless `details` contain `requires_operator`. A DRAFT may lack its
    location. Raises Forbidden for anyone but an ADMIN, DomainError if the type or manufacturer is not active or
    another device has the sensor, Invalid if the API gives a location outside the country.
    """
    must_manage_devices(None, by)
    _check_location(details, by)
    _lock_references(details)
    device = _save(Device(**{"requires_operator": details["device_type"].requires_operator} | details))
    _record(device, previous="", by=by)
    return device


@transaction.atomic
def update_device(device: Device, *, by: Actor, **changes: Any) -> Device:
    """Change details of a device and return it; only a DRAFT may lose its location.

    Raises Forbidden and DomainError as `create_device`, and DomainError for a RETIRED device.
    """
    device = Device.objects.lock(device.pk)
    must_manage_devices(device, by)
    check_not_retired(device)
    _check_location({name: value for name, value in changes.items() if value != getattr(device, name)}, by, device)
    _lock_references({name: row for name, row in changes.items() if row != getattr(device, name)})
    for name, value in changes.items():
        setattr(device, name, value)
    return _save(device)


@transaction.atomic
def change_device_status(
    device: Device, *, to: str, by: Actor, note: str | None = None, expected_updated_at: datetime | None = None
) -> Device:
    """Change the status of a device, record it in the history with the note, and return the device.

    Raises Forbidden for anyone but an ADMIN, StaleObjectError if the device was written after `expected_updated_at`,
    InvalidTransition if no transition leads to `to`, DomainError if the price or photo that LIVE needs is missing, if
    the location is missing, or if the device to be retired is leased.
    """
    device = Device.objects.lock(device.pk)
    must_manage_devices(device, by)
    check_not_stale(device.updated_at, expected_updated_at)
    previous = device.status
    device.transition_to(to)
    _check_requirements(device, to, previous=previous, by=by)
    device.save(update_fields=["status", "updated_at"])
    _record(device, previous=previous, by=by, note=note)
    return device


def check_not_retired(device: Device) -> None:
    """Raise DomainError if the device is RETIRED."""
    if device.is_retired:
        raise DomainError(RETIRED_IS_FINAL)


def _check_requirements(device: Device, to: str, *, previous: str, by: Actor) -> None:
    if to == DeviceStatus.RETIRED:
        _check_not_leased(device)
    elif not device.has_location:
        raise DomainError(LOCATION_NEEDED)
    if to == DeviceStatus.LIVE:
        _check_ready_for_live(device, previous, by)


def _check_ready_for_live(device: Device, previous: str, by: Actor) -> None:
    if not has_default_price(device):
        raise DomainError(PRICE_NEEDED)
    # The admin site and the demo create devices without photos.
    if by.source == Source.API and previous in NEVER_LIVE and not device.media.photos().exists():
        raise DomainError(PHOTO_NEEDED)


def _check_not_leased(device: Device) -> None:
    # Race-free: creating a lease locks the device too.
    if Device.objects.leased().filter(pk=device.pk).exists():
        raise DomainError(LEASED_STAYS)


def _check_location(changes: dict[str, Any], by: Actor, device: Device | None = None) -> None:
    # The back office shows the pin on a map and warns; for a swapped pair from an app there is no such check.
    if by.source != Source.API or not changes.keys() & {"latitude", "longitude"}:
        return
    latitude, longitude = (changes.get(name, getattr(device, name, None)) for name in ("latitude", "longitude"))
    if latitude is not None and longitude is not None and not is_in_country(Location(latitude, longitude)):
        raise Invalid({"location": LOCATION_ABROAD})


def _lock_references(details: dict[str, Any]) -> None:
    # Deactivation locks them too and then counts the devices that refer to them.
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


def _save(device: Device) -> Device:
    with translate_constraint_errors(**{ONE_DEVICE_PER_SENSOR: SENSOR_IS_TAKEN, LOCATION_IS_KNOWN: LOCATION_NEEDED}):
        device.save()
    return device
