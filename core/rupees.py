"""Format rupees with lakhs and crores, in figures and in words."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils import numberformat

_PAISA = Decimal("0.01")
_LAKHS = (3, 2, 0)  # digits per group, from the right; 0 repeats the last
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UNITS = ((10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred"))


def format_inr(amount: Decimal) -> str:
    """Return `₹ 1,25,000`, rounded to paise; omits paise that are zero."""
    rounded = abs(amount).quantize(_PAISA, ROUND_HALF_UP)
    places = 2 if rounded % 1 else 0
    digits = numberformat.format(rounded, ".", places, _LAKHS, ",", force_grouping=True)
    return f"-₹ {digits}" if amount < 0 else f"₹ {digits}"


def amount_in_words(amount: Decimal) -> str:
    """Return `Rupees one lakh twenty five thousand only`, rounded to paise. Amounts below zero are not supported."""
    rupees, paise = divmod(int(amount.quantize(_PAISA, ROUND_HALF_UP) * 100), 100)
    and_paise = f" and {_words(paise)} paise" if paise else ""
    return f"Rupees {_words(rupees)}{and_paise} only"


def _words(number: int) -> str:
    for size, name in _UNITS:
        if number >= size:
            head, rest = divmod(number, size)
            return f"{_words(head)} {name}" + (f" {_words(rest)}" if rest else "")
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
