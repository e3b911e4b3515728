"""Write device types and manufacturers."""

from typing import Any, TypeVar

from django.db import transaction

from accounts.actors import Actor
from core.database import translate_constraint_errors
from core.errors import DomainError
from devices.models import DeviceType, Manufacturer
from devices.policies import must_manage_devices

Row = TypeVar("Row", DeviceType, Manufacturer)


def create_master_data(model: type[Row], *, by: Actor, **details: Any) -> Row:
    """Create a type or manufacturer and return it.

    Raises Forbidden for anyone but an ADMIN, DomainError if the code is taken.
    """
    must_manage_devices(None, by)
    taken = f"{_name(model)} with code {details['code']} already exists"
    with translate_constraint_errors(**{f"{model._meta.db_table}_pkey": taken}):
        return model.objects.create(**details)


@transaction.atomic
def update_master_data(row: Row, *, by: Actor, **changes: Any) -> Row:
    """Change a type or manufacturer and return it; an inactive one stays valid for the devices that refer to it.

    Raises Forbidden for anyone but an ADMIN.
    """
    row = type(row).objects.lock(row.pk)
    must_manage_devices(None, by)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def deactivate_master_data(row: Row, *, by: Actor) -> Row:
    """Deactivate a type or manufacturer and return it.

    Raises Forbidden for anyone but an ADMIN, DomainError while devices refer to it.
    """
    row = type(row).objects.lock(row.pk)
    must_manage_devices(None, by)
    if count := row.devices.count():
        name = _name(row)
        referrer = "type" if isinstance(row, DeviceType) else name.lower()
        raise DomainError(f"Cannot delete {name.lower()}: {count} device(s) reference this {referrer}")
    row.active = False
    row.save(update_fields=["active"])
    return row


def _name(model: type[Row] | Row) -> str:
    return str(model._meta.verbose_name).capitalize()
