"""Encrypt the texts of one-time passwords until they are sent."""

from django.conf import settings

from core.encryption import Encryptor, encryptor_for


def encrypt(text: str) -> bytes:
    """Return `text` encrypted and authenticated."""
    return _encryptor().encrypt(text)


def decrypt(ciphertext: bytes) -> str:
    """Return the decrypted text. Raises cryptography's InvalidToken if the key does not fit."""
    return _encryptor().decrypt(ciphertext)


def _encryptor() -> Encryptor:
    return encryptor_for(settings.SMS_ENCRYPTION_KEY)
