"""Parse JSON and forms strictly and within limits, before serializers see them."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

from core.errors import TooLarge

MAX_BODY_BYTES = 64 * 1024
MAX_DEPTH = 32
MAX_KEYS = 200
MAX_KEY_LENGTH = 100


def parse_json(raw: bytes) -> Any:
    """Parse a JSON text in UTF-8 with exact decimals.

    Raises ParseError for anything else: NaN, Infinity, doubled keys, lone surrogates, nesting beyond MAX_DEPTH.
    """
    try:
        text = raw.decode("utf-8")
        _refuse_deep_nesting(text)
        value = json.loads(
            text, parse_float=_exact, parse_constant=_refuse_constant, object_pairs_hook=_object_without_duplicates
        )
        # A lone surrogate can be parsed, but neither stored nor rendered.
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except (ValueError, RecursionError, ArithmeticError):
        raise ParseError("Malformed JSON request") from None
    return value


def read_limited(stream: Any, limit: int = MAX_BODY_BYTES) -> bytes:
    """Return the whole stream. Raises TooLarge beyond `limit` bytes."""
    raw: bytes = stream.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(f"Request body must not be larger than {limit // 1024} KB")
    return raw


class StrictJSONParser(JSONParser):
    """Parse `application/json` bodies of up to MAX_BODY_BYTES."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return parse_json(read_limited(stream))


class StrictFormParser(BaseParser):
    """Parse `application/x-www-form-urlencoded` bodies of up to MAX_BODY_BYTES to a dict of texts."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, str]:
        raw = read_limited(stream)
        try:
            text = raw.decode("utf-8")
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_KEYS)
            return _object_without_duplicates(pairs)
        except ValueError:
            raise ParseError("Malformed form request") from None


JSON_OR_FORM: list[type[BaseParser]] = [StrictJSONParser, StrictFormParser]


def _exact(literal: str) -> Decimal:
    number = Decimal(literal)
    if len(literal) > 64 or abs(number.adjusted()) > 32:
        raise ValueError("number out of any use")
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs) or len(pairs) > MAX_KEYS or any(len(key) > MAX_KEY_LENGTH for key in result):
        raise ValueError("doubled, too many or too long keys")
    return result


def _refuse_deep_nesting(text: str) -> None:
    # Brackets inside strings count too: no real note has more than 32 unclosed brackets.
    depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("nested too deep")
        elif character in "]}":
            depth -= 1
