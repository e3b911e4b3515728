"""Keeping a text unreadable in the database until it is sent."""

from django.conf import settings

from core.sealing import Sealer, sealer_of


def seal(text: str) -> bytes:
    """`text`, encrypted and authenticated."""
    return _sealer().seal(text)


def unseal(sealed: bytes) -> str:
    """The text that was sealed. Raises cryptography's InvalidToken for anything that this key did not seal."""
    return _sealer().unseal(sealed)


def _sealer() -> Sealer:
    return sealer_of(settings.SMS_SEALING_KEY)
