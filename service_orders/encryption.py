"""Insurance data, encrypted at rest (decisions, section 4).

`settings.INSURANCE_KEYS`: the first key seals, every one opens; `manage.py rotate_insurance_keys` seals anew.
"""

import json

from django.conf import settings

from core.encryption import Encryptor, encryptor_for

InsuranceInfo = dict[str, str | None]


def encrypt_insurance(info: InsuranceInfo) -> bytes:
    return _encryptor().encrypt(json.dumps(info, ensure_ascii=False))


def decrypt_insurance(ciphertext: bytes) -> InsuranceInfo:
    """What was sealed. Raises cryptography's InvalidToken where no key of now opens it."""
    return json.loads(_encryptor().decrypt(ciphertext))


def reencrypt(ciphertext: bytes) -> bytes | None:
    """The same under the first key; None where it is that already. Raises as `unencrypt_insurance`."""
    encryptor = _encryptor()
    return (
        None if encryptor.is_encrypted_with_first_key(ciphertext) else encryptor.encrypt(encryptor.decrypt(ciphertext))
    )


def _encryptor() -> Encryptor:
    return encryptor_for(*settings.INSURANCE_KEYS)
