"""Insurance data, encrypted at rest (decisions, section 4).

`settings.INSURANCE_KEYS`: the first key seals, every one opens; `manage.py rotate_insurance_keys` seals anew.
"""

import json

from django.conf import settings

from core.sealing import Sealer, sealer_of

InsuranceInfo = dict[str, str | None]


def seal_insurance(info: InsuranceInfo) -> bytes:
    return _sealer().seal(json.dumps(info, ensure_ascii=False))


def unseal_insurance(sealed: bytes) -> InsuranceInfo:
    """What was sealed. Raises cryptography's InvalidToken where no key of now opens it."""
    return json.loads(_sealer().unseal(sealed))


def sealed_anew(sealed: bytes) -> bytes | None:
    """The same under the first key; None where it is that already. Raises as `unseal_insurance`."""
    sealer = _sealer()
    return None if sealer.is_sealed_with_first_key(sealed) else sealer.seal(sealer.unseal(sealed))


def _sealer() -> Sealer:
    return sealer_of(*settings.INSURANCE_KEYS)
