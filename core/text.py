"""Normalize typed and pasted text by Unicode category, before it is checked or compared."""

import unicodedata

_MINUS_SIGN = "\u2212"  # a mathematical symbol for Unicode, a dash on keyboards
_JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ, which shape words of Indian scripts


def clean_text(text: str) -> str:
    """Return a name or note as it is stored: normalised (NFC), tabs as spaces, line ends as `\\n`.

    Format characters other than ZWJ and ZWNJ are dropped. Text of nothing but those two is empty.
    """
    text = unicodedata.normalize("NFC", without_format_characters(text).replace("\r\n", "\n").replace("\t", " "))
    return text if text.strip(_JOINERS + " \n") else ""


def without_format_characters(text: str) -> str:
    """Return text without format characters (category Cf) other than ZWJ and ZWNJ."""
    return "".join(each for each in text if each in _JOINERS or unicodedata.category(each) != "Cf")


def has_control_characters(text: str) -> bool:
    """Return whether text contains a lone surrogate, or a control character other than a line end."""
    return any(each != "\n" and unicodedata.category(each) in {"Cc", "Cs"} for each in text)


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
