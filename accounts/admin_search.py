"""Finding people by what staff type into a search box."""

import re

from django.db.models import Q

from accounts.phones import canonical_phone
from core.errors import Invalid

_DIALLED = re.compile(r"[+0-9 ().-]{4,32}", re.ASCII)
FEWEST_DIGITS = 4


def has_phone(term: str, path: str) -> Q:
    """Rows whose phone in `path` is the number in any spelling (`98765 43210`, `+91...`), or has its digits in it.

    None where the term is no number at all.
    """
    if not _DIALLED.fullmatch(term.strip()):
        return Q(pk__in=[])
    if phone := whole_phone(term):
        return Q(**{path: phone})
    digits = re.sub("[^0-9]", "", term).lstrip("0")
    return Q(**{f"{path}__contains": digits}) if len(digits) >= FEWEST_DIGITS else Q(pk__in=[])


def whole_phone(term: str) -> str | None:
    """The number that the term spells in full; None for anything else."""
    try:
        return canonical_phone(term) if _DIALLED.fullmatch(term.strip()) else None
    except Invalid:
        return None
