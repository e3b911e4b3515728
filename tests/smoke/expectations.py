"""Compare responses with expectations."""

import re
from typing import Any

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
TEXT = re.compile(r".+", re.DOTALL)


class Different(Exception):
    """Raised when a response differs from the expectation."""


def differences(actual: Any, expected: Any, where: str = "answer") -> list[str]:
    """Describe the differences. Only expected keys of an object count; a pattern matches any text like it."""
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
    """Raise Different if the two differ."""
    if found := differences(actual, expected, what):
        raise Different("\n".join(found))
