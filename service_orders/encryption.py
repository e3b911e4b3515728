"""Encrypt insurance data at rest (decisions, section 4).

`settings.INSURANCE_KEYS`: the first key encrypts, every one decrypts; `manage.py rotate_insurance_keys` re-encrypts.
"""

import json

from django.conf import settings

from core.encryption import Encryptor, encryptor_for

InsuranceInfo = dict[str, str | None]


def encrypt_insurance(info: InsuranceInfo) -> bytes:
    return _encryptor().encrypt(json.dumps(info, ensure_ascii=False))


def decrypt_insurance(ciphertext: bytes | memoryview) -> InsuranceInfo:
    """Return the decrypted data. Raises cryptography's InvalidToken if no present key fits."""
    return json.loads(_encryptor().decrypt(bytes(ciphertext)))


def reencrypt(ciphertext: bytes | memoryview) -> bytes | None:
    """Return the same data under the first key, None if it is already. Raises as `decrypt_insurance`."""
    encryptor, present = _encryptor(), bytes(ciphertext)
    return None if encryptor.is_encrypted_with_first_key(present) else encryptor.encrypt(encryptor.decrypt(present))


def _encryptor() -> Encryptor:
    return encryptor_for(*settings.INSURANCE_KEYS)
