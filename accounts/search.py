"""Search terms that are phone numbers."""

import re

from django.db.models import Q

from accounts.phones import canonical_phone
from core.errors import Invalid
from core.text import canonical_digits

MIN_DIGITS = 4
_PHONE = re.compile(r"[+0-9().-]{4,32}", re.ASCII)


def has_phone(term: str, path: str) -> Q:
    """Filter to rows whose phone in `path` is the term in any spelling (`98765 43210`, `+91...`), or contains it.

    Matches no rows if the term is not a number, or has fewer than MIN_DIGITS digits.
    """
    term = canonical_digits(term)
    if not _PHONE.fullmatch(term):
        return Q(pk__in=[])
    if phone := whole_phone(term):
        return Q(**{path: phone})
    digits = re.sub("[^0-9]", "", term).lstrip("0")
    return Q(**{f"{path}__contains": digits}) if len(digits) >= MIN_DIGITS else Q(pk__in=[])


def whole_phone(term: str) -> str | None:
    """Return the phone that the term spells in full, as E.164; None for any other term."""
    term = canonical_digits(term)
    try:
        return canonical_phone(term) if _PHONE.fullmatch(term) else None
    except Invalid:
        return None
