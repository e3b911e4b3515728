"""How many SMS a text is billed as: what fits into GSM's own alphabet is twice as long as what does not."""

from collections.abc import Iterable
from dataclasses import dataclass

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38, one septet each."""
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and a letter, never parted."""


@dataclass(frozen=True)
class Parts:
    """How a text goes out."""

    count: int
    encoding: str
    """`GSM-7`, or `UCS-2` for a text with any character beyond it."""
    beyond: str
    """The characters that GSM's alphabet has not, each once, as they first come."""


def parts_of(text: str) -> Parts:
    """The SMS that one text takes: 160 septets or 70 units of UCS-2 alone, 153 or 67 where there are several."""
    beyond = "".join(dict.fromkeys(char for char in text if char not in GSM_ALPHABET and char not in GSM_EXTENSION))
    if beyond:
        return Parts(_packed((len(char.encode("utf-16-le")) // 2 for char in text), 70, 67), "UCS-2", beyond)
    return Parts(_packed((1 + (char in GSM_EXTENSION) for char in text), 160, 153), "GSM-7", "")


def _packed(sizes: Iterable[int], alone: int, each: int) -> int:
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > each:  # a character is never parted
            count, used = count + 1, 0
        used += size
    return count
