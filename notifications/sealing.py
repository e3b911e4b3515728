"""Keeping a text unreadable in the database until it is sent."""

import base64

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str) -> bytes:
    """`text`, encrypted and authenticated."""
    return _cipher().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """The text that was sealed. Raises cryptography's InvalidToken for anything that this key did not seal."""
    return _cipher().decrypt(bytes(sealed)).decode()


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(settings.SMS_SEALING_KEY)))
