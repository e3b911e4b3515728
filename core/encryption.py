"""Encrypt text for storage with keys from the environment."""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Encryptor:
    """Encrypt with the first of `keys`, decrypt with any; each key is 256 bits in hexadecimal."""

    def __init__(self, *keys: str):
        ciphers = [Fernet(base64.urlsafe_b64encode(bytes.fromhex(key))) for key in keys]
        self._first, self._any = ciphers[0], MultiFernet(ciphers)

    def encrypt(self, text: str) -> bytes:
        return self._first.encrypt(text.encode())

    def decrypt(self, ciphertext: bytes) -> str:
        """Return the decrypted text. Raises cryptography's InvalidToken if none of the keys fits."""
        return self._any.decrypt(bytes(ciphertext)).decode()

    def is_encrypted_with_first_key(self, ciphertext: bytes) -> bool:
        try:
            self._first.decrypt(bytes(ciphertext))
        except InvalidToken:
            return False
        return True


@functools.cache
def encryptor_for(*keys: str) -> Encryptor:
    """Return the cached encryptor with these keys."""
    return Encryptor(*keys)
