"""Keeping a text unreadable in the database until it is sent."""

from django.conf import settings

from core.encryption import Encryptor, encryptor_for


def encrypt(text: str) -> bytes:
    """`text`, encrypted and authenticated."""
    return _encryptor().encrypt(text)


def decrypt(ciphertext: bytes) -> str:
    """The text that was sealed. Raises cryptography's InvalidToken for anything that this key did not seal."""
    return _encryptor().decrypt(ciphertext)


def _encryptor() -> Encryptor:
    return encryptor_for(settings.SMS_ENCRYPTION_KEY)
