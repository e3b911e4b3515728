"""Comparing what was answered with what should have been."""

import re
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
TEXT = re.compile(r".+", re.DOTALL)


class Different(Exception):
    """An answer is not what it should be."""


def differences(actual: Any, expected: Any, where: str = "answer") -> list[str]:
    """What differs, in words. Of an object only the expected keys count; a pattern stands for any text like it."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        missing = [f"{where}.{key} is missing" for key in expected if key not in actual]
        present = [key for key in expected if key in actual]
        return missing + [line for key in present for line in differences(actual[key], expected[key], f"{where}.{key}")]
    if isinstance(expected, list) and isinstance(actual, list) and len(actual) == len(expected):
        pairs = enumerate(zip(actual, expected, strict=True))
        return [line for index, (one, other) in pairs for line in differences(one, other, f"{where}[{index}]")]
    if isinstance(expected, re.Pattern):
        is_like_it = isinstance(actual, str) and expected.fullmatch(actual)
        return [] if is_like_it else [f"{where} is {actual!r}, not like {expected.pattern}"]
    # True equals 1 in Python, not in JSON.
    is_same = actual == expected and isinstance(actual, bool) == isinstance(expected, bool)
    return [] if is_same else [f"{where} is {actual!r}, should be {expected!r}"]


def must_be(actual: Any, expected: Any, what: str) -> None:
    """Raises Different where they are not the same."""
    if found := differences(actual, expected, what):
        raise Different("\n".join(found))
