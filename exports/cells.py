"""Convert database values to spreadsheet cells that no spreadsheet program executes or rejects."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

Cell = str | int | float | Decimal | date | None
"""A `datetime` is local time of settings.TIME_ZONE: Excel has no time zones."""

_FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
_LINE_STARTS = frozenset("\t\r\n")
# XML cannot represent these, and they are invisible.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def cell_of(value: Any) -> Cell:
    """Convert a database value to a cell: numbers and dates unchanged, everything else as text."""
    match value:
        case None | "":
            return None
        case bool():
            return "yes" if value else "no"
        case datetime():
            return timezone.localtime(value).replace(microsecond=0)
        case date() | int() | float() | Decimal():
            return value
        case _:
            return _UNWRITABLE.sub("", str(value))


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet might read the text as a formula, also behind spaces or in full-width letters."""
    if text[:1].isalnum():
        return False
    return text[:1] in _LINE_STARTS or _looks_like(text) in _FORMULA_STARTS


def _looks_like(text: str) -> str:
    """Return the first visible character in NFKC form, or an empty string."""
    visible = (character for character in text if unicodedata.category(character) not in _INVISIBLE)
    return unicodedata.normalize("NFKC", next(visible, ""))[:1]


_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
