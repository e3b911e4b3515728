"""Phone numbers, in any spelling and in canonical form (E.164)."""

import re

import phonenumbers
from django.core.exceptions import ValidationError

from core.errors import Invalid
from core.text import canonical_digits

HOME_REGION = "IN"
MAX_SPELLING = 64
"""In characters as typed; longer input is refused unread."""
_DIALLED = re.compile(r"\+[1-9][0-9]+|[0-9]+", re.ASCII)
# A sixth of India's mobile numbers lie in ranges that are also used for fixed lines.
_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
_SEPARATORS = str.maketrans("", "", "-().")


def canonical_phone(spelling: object, *, field: str = "phoneNumber") -> str:
    """Convert a phone number in any spelling to E.164.

    `98765 43210`, `09876543210`, `919876543210`, `+919876543210`, in digits of any script -> `+919876543210`. Numbers
    of other countries need their `+`. Raises Invalid on `field` if it is not a possible number.
    """
    if spelling is None or spelling == "":
        raise Invalid({field: "Phone number is required"})
    number = _number(spelling) if isinstance(spelling, str) and len(spelling) <= MAX_SPELLING else None
    if number is None:
        raise Invalid({field: "Invalid phone number"})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(phone: str) -> str:
    """Mask a phone number for logs: `+919876543210` -> `+91******3210`."""
    return f"{phone[:3]}{'*' * max(0, len(phone) - 7)}{phone[-4:]}"


def check_phone(spelling: object) -> None:
    """Validate a phone number for Django's forms. Raises ValidationError if it is not a possible number."""
    try:
        canonical_phone(spelling)
    except Invalid as error:
        raise ValidationError(list(error.fields.values())) from None


def is_indian_mobile(phone: str) -> bool:
    """Return whether an E.164 number may be that of an Indian mobile phone."""
    number = phonenumbers.parse(phone)
    return number.country_code == 91 and phonenumbers.number_type(number) in _MOBILE


def _number(spelling: str) -> phonenumbers.PhoneNumber | None:
    plain = canonical_digits(spelling).translate(_SEPARATORS)
    if plain.startswith("00"):
        plain = "+" + plain.removeprefix("00")
    return _parse(plain) if _DIALLED.fullmatch(plain) else None


def _parse(plain: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(plain, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    is_foreign = number.country_code != phonenumbers.country_code_for_region(HOME_REGION)
    return None if is_foreign and not plain.startswith("+") else number
