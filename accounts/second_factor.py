"""Second factor of staff: a code of an authenticator app (TOTP), or a single-use backup code.

Secrets and codes are shown once, to their owner, and never logged.
"""

import math
import re
from base64 import b32encode

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actors import Actor
from accounts.models import User
from core.errors import DomainError, Forbidden, TooManyRequests
from core.text import canonical_digits

BACKUP_CODES = 10
NAME = "second factor"
WRONG_CODE = "This code is wrong, or was used before. Wait for the next one."
SET_UP_ALREADY = "A second factor has been set up meanwhile"
NOT_SET_UP = "There is no second factor"
REQUIRED = "Everybody needs a second factor here"
SUPERUSERS_ONLY = "Only superusers reset a second factor"
_TOTP = re.compile(r"[0-9]{6}", re.ASCII)


def second_factor_of(user: User) -> TOTPDevice | None:
    """Return the confirmed authenticator app of a user, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


@transaction.atomic
def pending_totp_device(user: User) -> TOTPDevice:
    """Return the unconfirmed TOTP device of a user, or create it. Raises DomainError if one is confirmed."""
    User.objects.lock(user.pk)
    if second_factor_of(user):
        raise DomainError(SET_UP_ALREADY)
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": NAME})[0]


def confirm_second_factor(user: User, code: str) -> tuple[TOTPDevice, list[str]]:
    """Confirm the pending TOTP device with its first code; return it and the new backup codes.

    Raises DomainError for a wrong code, TooManyRequests while the device is throttled.
    """
    pending = pending_totp_device(user)
    verify_code(user, pending, _normalized(code))
    with transaction.atomic():
        User.objects.lock(user.pk)
        if second_factor_of(user):
            raise DomainError(SET_UP_ALREADY)
        TOTPDevice.objects.filter(pk=pending.pk).update(confirmed=True)
        return pending, _fresh_backup_codes(user)


def check_second_factor(user: User, code: str) -> Device:
    """Verify a TOTP or backup code and return its device. A code works once.

    Raises DomainError for a wrong code; after each wrong one, TooManyRequests for twice as long as before.
    """
    normalized = _normalized(code)
    kind = TOTPDevice if _TOTP.fullmatch(normalized) else StaticDevice
    device = kind.objects.filter(user=user, confirmed=True).first()
    if device is None:
        raise DomainError(WRONG_CODE)
    return verify_code(user, device, normalized)


def new_backup_codes(user: User, code: str) -> list[str]:
    """Replace the backup codes and return the new ones. Raises like `check_second_factor`."""
    check_second_factor(user, code)
    with transaction.atomic():
        User.objects.lock(user.pk)
        return _fresh_backup_codes(user)


def backup_codes_left(user: User) -> int:
    """Count the unused backup codes of a user."""
    return StaticToken.objects.filter(device__user=user).count()


def disable_second_factor(user: User, code: str) -> None:
    """Remove the second factor of a user. Raises like `check_second_factor`, and Forbidden if one is required."""
    if settings.STAFF_TOTP_REQUIRED:
        raise Forbidden(REQUIRED)
    check_second_factor(user, code)
    _delete_devices(user)


@transaction.atomic
def reset_second_factor(user: User, *, by: Actor) -> None:
    """Remove the second factor of another user, who sets up a new one at the next sign-in.

    Raises Forbidden unless the actor is a superuser, DomainError if there is none.
    """
    if not by.user.is_superuser:
        raise Forbidden(SUPERUSERS_ONLY)
    if not _delete_devices(user):
        raise DomainError(NOT_SET_UP)


def qr_code(device: TOTPDevice) -> str:
    """Render the QR code for authenticator apps as a `data:` URL."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, light="white", dark="black")


def grouped_secret(device: TOTPDevice) -> str:
    """Format the secret for typing by hand, in groups of four letters."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def verify_code(user: User, device: Device, code: str) -> Device:
    """Verify a normalized code against one device and return the device. Raises DomainError, TooManyRequests."""
    allowed, reason = device.verify_is_allowed()
    if not allowed:
        wait = math.ceil((reason["locked_until"] - timezone.now()).total_seconds())
        raise TooManyRequests(f"Too many wrong codes: wait {wait} s", retry_after=wait)
    # It locks the device: of two requests with the same code at once, one is refused.
    if not (verified := verify_token(user, device.persistent_id, code)):
        raise DomainError(WRONG_CODE)
    return verified


def _normalized(code: str) -> str:
    return canonical_digits(code).replace("-", "").lower()


def _fresh_backup_codes(user: User) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "backup codes"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _delete_devices(user: User) -> int:
    StaticDevice.objects.filter(user=user).delete()
    return TOTPDevice.objects.filter(user=user).delete()[0]
