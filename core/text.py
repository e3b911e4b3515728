"""Normalize typed and pasted text by Unicode category, before it is checked or compared."""

import unicodedata

_MINUS_SIGN = "\u2212"  # a mathematical symbol for Unicode, a dash on keyboards


def canonical_digits(text: str) -> str:
    """Return a phone number, one-time password or PIN code in its one spelling.

    White space and format characters (category Cf) are dropped, every dash becomes `-`, decimal digits of any script
    become ASCII digits; other characters stay.
    """
    return text if _is_plain(text) else "".join(map(_canonical, text))


def _is_plain(text: str) -> bool:
    return text.isascii() and not any(map(str.isspace, text))


def _canonical(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character.isspace():
        return ""
    if category == "Pd" or character == _MINUS_SIGN:
        return "-"
    return str(unicodedata.decimal(character)) if category == "Nd" else character
