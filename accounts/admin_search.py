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
    try:
        return Q(**{path: canonical_phone(term)})
    except Invalid:
        digits = re.sub("[^0-9]", "", term).lstrip("0")
        return Q(**{f"{path}__contains": digits}) if len(digits) >= FEWEST_DIGITS else Q(pk__in=[])
