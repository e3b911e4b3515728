"""Rupees as people here write and read them: lakhs and crores, in figures and in words."""

from decimal import ROUND_HALF_UP, Decimal

_PAISA = Decimal("0.01")
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_STEPS = ((10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred"))


def in_figures(amount: Decimal) -> str:
    """`₹ 1,25,000`, with paise only where there are any."""
    rupees, paise = _parted(abs(amount))
    sign = "-" if amount < 0 else ""
    return f"{sign}₹ {grouped(rupees)}" + (f".{paise:02}" if paise else "")


def grouped(number: int) -> str:
    """Digits as they are grouped here: `12,34,567`. Not for numbers below zero."""
    head, tail = divmod(number, 1000)
    if not head:
        return str(tail)
    pairs: list[str] = []
    while head:
        head, pair = divmod(head, 100)
        pairs.insert(0, f"{pair:02}")
    return f"{','.join(pairs).lstrip('0')},{tail:03}"


def in_words(amount: Decimal) -> str:
    """`Rupees one lakh twenty five thousand only`. Not for amounts below zero."""
    rupees, paise = _parted(amount)
    and_paise = f" and {_words(paise)} paise" if paise else ""
    return f"Rupees {_words(rupees)}{and_paise} only"


def _parted(amount: Decimal) -> tuple[int, int]:
    return divmod(int(amount.quantize(_PAISA, ROUND_HALF_UP) * 100), 100)


def _words(number: int) -> str:
    for size, name in _STEPS:
        if number >= size:
            head, rest = divmod(number, size)
            return f"{_words(head)} {name}" + (f" {_words(rest)}" if rest else "")
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
