"""Count the SMS segments that a text is billed as, by its encoding."""

from collections.abc import Iterable
from dataclasses import dataclass

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38, one septet each."""
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and a character, never split."""


@dataclass(frozen=True)
class Segments:
    """Describe how a text is sent."""

    count: int
    encoding: str
    """`GSM-7`, or `UCS-2` for a text with any character beyond it."""
    beyond: str
    """The characters outside GSM-7, each once, in order of appearance."""


def segments_of(text: str) -> Segments:
    """Count segments: 160 septets or 70 UCS-2 units in a single one, 153 or 67 in each of several."""
    beyond = "".join(dict.fromkeys(char for char in text if char not in GSM_ALPHABET and char not in GSM_EXTENSION))
    if beyond:
        return Segments(_packed((len(char.encode("utf-16-le")) // 2 for char in text), 70, 67), "UCS-2", beyond)
    return Segments(_packed((1 + (char in GSM_EXTENSION) for char in text), 160, 153), "GSM-7", "")


def _packed(sizes: Iterable[int], alone: int, each: int) -> int:
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > each:  # a character is never split
            count, used = count + 1, 0
        used += size
    return count
