"""Staff of the back office, and the codes of their authenticator apps."""

import time

from django.contrib.auth.models import Group
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.second_factor import confirm_second_factor, pending_totp_device

PASSWORD = "a-long-password"


def staff(phone: str, name: str, *groups: str, **fields: object) -> User:
    """Create a member of staff with these groups, who signs in with PASSWORD."""
    person = User(phone=phone, name=name, is_staff=True, **fields)
    person.set_password(PASSWORD)
    person.save()
    person.groups.set(Group.objects.filter(name__in=groups))
    assert person.groups.count() == len(groups)
    return person


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    """Return the code that the app shows now, or `steps` of 30 seconds later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


def with_second_factor(user: User) -> tuple[TOTPDevice, list[str]]:
    """Set up an app for a user; return it and the backup codes. The code of the present 30 seconds is used up."""
    return confirm_second_factor(user, code_of(pending_totp_device(user)))
