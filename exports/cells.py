"""What may stand in a cell: nothing that a spreadsheet would run, and nothing that would break its file."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

Cell = str | int | float | Decimal | date | None
"""Moments are `datetime`s of the office's time zone, without saying so: Excel knows no zones."""

_FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
_LINE_STARTS = frozenset("\t\r\n")
# XML has no way to write these, and nobody could see them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def cell_of(value: Any) -> Cell:
    """A value of the database as it is written: numbers and dates as such, everything else as text."""
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
    """Whether a spreadsheet might take the text for a formula, also behind spaces or in full-width letters."""
    if text[:1].isalnum():
        return False
    return text[:1] in _LINE_STARTS or _looks_like(text) in _FORMULA_STARTS


def _looks_like(text: str) -> str:
    """The first character that can be seen, in its plain form; empty where none can."""
    visible = (character for character in text if unicodedata.category(character) not in _INVISIBLE)
    return unicodedata.normalize("NFKC", next(visible, ""))[:1]


_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
