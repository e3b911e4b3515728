"""The second factor of staff: a code from an app (TOTP), or one of the backup codes written down before.

Secrets and codes are shown once to whom they belong, and written into no log.
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

BACKUP_CODES = 10
NAME = "second factor"
WRONG = "This code is wrong, or was used before. Wait for the next one."
SET_UP_ALREADY = "A second factor has been set up meanwhile"
NOT_SET_UP = "There is no second factor"
_TOTP = re.compile(r"[0-9]{6}", re.ASCII)
_SEPARATORS = re.compile(r"[\s-]+")


def second_factor_of(user: User) -> TOTPDevice | None:
    """The authenticator app that this user has set up, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


@transaction.atomic
def begun_second_factor(user: User) -> TOTPDevice:
    """The secret to be put into an app, the same until it is confirmed. Raises DomainError where one is set up."""
    _lock(user)
    if second_factor_of(user):
        raise DomainError(SET_UP_ALREADY)
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": NAME})[0]


def confirm_second_factor(user: User, code: str) -> tuple[TOTPDevice, list[str]]:
    """Set up what was begun, as its first code shows that the app has it; answers the backup codes too.

    Raises DomainError for a wrong code, TooManyRequests after wrong ones.
    """
    begun = begun_second_factor(user)
    _must_fit(user, begun, _plain(code))
    with transaction.atomic():
        _lock(user)
        if second_factor_of(user):
            raise DomainError(SET_UP_ALREADY)
        TOTPDevice.objects.filter(pk=begun.pk).update(confirmed=True)
        return begun, _fresh_backup_codes(user)


def check_second_factor(user: User, code: str) -> Device:
    """What proves that it is this user, who typed `code`; a code is good once.

    Raises DomainError for a wrong one; after each, TooManyRequests for twice as long as before.
    """
    plain = _plain(code)
    kind = TOTPDevice if _TOTP.fullmatch(plain) else StaticDevice
    device = kind.objects.filter(user=user, confirmed=True).first()
    if device is None:
        raise DomainError(WRONG)
    return _must_fit(user, device, plain)


def new_backup_codes(user: User, code: str) -> list[str]:
    """Fresh backup codes, for whoever proves to be the user; those of before are void. Raises as the check does."""
    check_second_factor(user, code)
    with transaction.atomic():
        _lock(user)
        return _fresh_backup_codes(user)


def backup_codes_left(user: User) -> int:
    """How many backup codes have not been used."""
    return StaticToken.objects.filter(device__user=user).count()


def give_up_second_factor(user: User, code: str) -> None:
    """Sign in by password alone again, where that is allowed. Raises as the check does, and Forbidden."""
    if settings.STAFF_TOTP_REQUIRED:
        raise Forbidden("Everybody needs a second factor here")
    check_second_factor(user, code)
    _forget(user)


@transaction.atomic
def reset_second_factor(*, by: Actor, user: User) -> None:
    """Take somebody's lost app out of use; they set up another at the next sign-in. Superusers only."""
    if not by.user.is_superuser:
        raise Forbidden("Only superusers reset a second factor")
    if not _forget(user):
        raise DomainError(NOT_SET_UP)


def qr_code(device: TOTPDevice) -> str:
    """A picture for authenticator apps, as a `data:` address."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, light="white", dark="black")


def spelled_secret(device: TOTPDevice) -> str:
    """The secret for those who cannot scan, in groups of four letters."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _must_fit(user: User, device: Device, code: str) -> Device:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        wait = math.ceil((why["locked_until"] - timezone.now()).total_seconds())
        raise TooManyRequests(f"Too many wrong codes: wait {wait} s", retry_after=wait)
    # It locks the device: of two who type the same code at once, one is refused.
    if not (verified := verify_token(user, device.persistent_id, code)):
        raise DomainError(WRONG)
    return verified


def _plain(code: str) -> str:
    return _SEPARATORS.sub("", code).lower()


def _fresh_backup_codes(user: User) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "backup codes"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _forget(user: User) -> int:
    StaticDevice.objects.filter(user=user).delete()
    return TOTPDevice.objects.filter(user=user).delete()[0]


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)
