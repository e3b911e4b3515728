"""Generate and check tracking ids such as KM-7F3K-9QXB: short, easy to read aloud, and safe from typing errors.

The last character checks the others. The alphabet has a prime number of characters and every place a weight of its
own, so a single wrong character or two swapped ones, adjacent or not, never give another valid id.
"""

import re
import secrets

# Without 0, O, 1, I, which look alike, and without vowels, so that no id spells a word.
ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
LENGTH = 8  # with the check character
# The check character's own weight is -1, so that it is the sum of the others.
_WEIGHTS = (*range(2, LENGTH + 1), -1)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_SPELLING = re.compile(rf"(?:KM)?([{ALPHABET}]{{{LENGTH}}})", re.ASCII)
_SEPARATORS = str.maketrans("", "", " -")
_random = secrets.SystemRandom()


def new_tracking_id() -> str:
    """Return a random tracking id, one of 17 billion. The caller checks whether it is taken."""
    plain = "".join(_random.choices(ALPHABET, k=LENGTH - 1))
    return _grouped(plain + _check_character(plain))


def canonical_tracking_id(spelling: str) -> str | None:
    """Return the tracking id meant by a spelling such as `km 7f3k 9qxb`, None if it is mistyped or none at all."""
    match = _SPELLING.fullmatch(spelling.upper().translate(_SEPARATORS))
    if match is None or _check_character(match[1][:-1]) != match[1][-1]:
        return None
    return _grouped(match[1])


def _check_character(plain: str) -> str:
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, plain, strict=False))
    return ALPHABET[total % len(ALPHABET)]


def _grouped(plain: str) -> str:
    return f"KM-{plain[:4]}-{plain[4:]}"
