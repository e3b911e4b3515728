"""Paginate by keyset: each page costs the same, and inserts never shift it."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from core.contracts.fields import parse_instant
from core.errors import Invalid

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """Hold the rows of one page and the cursor of the next one (None on the last)."""

    rows: list[Any]
    size: int
    next_cursor: str | None


def page_of(queryset: QuerySet, *, cursor: str | None, size: str | None, size_name: str) -> Page:
    """Return the page of `queryset` after `cursor`; rows need `created_at` and a UUID `id`.

    Raises Invalid for a cursor that is none of ours, or a size outside 1 to MAX_PAGE_SIZE (`size_name` as sent).
    """
    limit = _size(size, size_name)
    if cursor:
        created_at, identifier = _decode(cursor)
        # The second condition implies the first, but only the first can use the index.
        queryset = queryset.filter(Q(created_at__lte=created_at), Q(created_at__lt=created_at) | Q(pk__lt=identifier))
    return _page(queryset.order_by("-created_at", "-pk"), limit, _encode)


def page_from_oldest(queryset: QuerySet, *, cursor: str | None, size: str | None, size_name: str) -> Page:
    """Return a page as `page_of` does, oldest first."""
    limit = _size(size, size_name)
    if cursor:
        created_at, identifier = _decode(cursor)
        queryset = queryset.filter(Q(created_at__gte=created_at), Q(created_at__gt=created_at) | Q(pk__gt=identifier))
    return _page(queryset.order_by("created_at", "pk"), limit, _encode)


def page_by_code(queryset: QuerySet, *, cursor: str | None, size: str | None, size_name: str) -> Page:
    """Return a page as `page_of` does, for rows whose primary key is a code, ordered by it."""
    limit = _size(size, size_name)
    if cursor:
        queryset = queryset.filter(pk__gt=_decode_code(cursor))
    return _page(queryset.order_by("pk"), limit, lambda row: _text(row.pk.encode()))


def updated_since(queryset: QuerySet, moment: str | None) -> QuerySet:
    """Filter to rows changed at or after an ISO-8601 instant. Raises Invalid if it is not one."""
    if not moment:
        return queryset
    # An unescaped plus sign arrives as a space.
    instant = parse_instant(moment.replace(" ", "+"))
    if instant is None:
        raise Invalid({"updatedSince": "updatedSince must be an ISO-8601 instant"})
    return queryset.filter(updated_at__gte=instant)


def _size(value: str | None, name: str) -> int:
    if value is None or value == "":
        return DEFAULT_PAGE_SIZE
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= MAX_PAGE_SIZE):
        raise Invalid({name: f"{name} must be a whole number from 1 to {MAX_PAGE_SIZE}"})
    return int(value)


def _page(queryset: QuerySet, limit: int, cursor_after: Callable[[Any], str]) -> Page:
    rows = list(queryset[: limit + 1])
    more = len(rows) > limit
    return Page(rows[:limit], limit, cursor_after(rows[limit - 1]) if more else None)


def _encode(row: Any) -> str:
    microseconds = (row.created_at - _EPOCH) // timedelta(microseconds=1)
    return _text(microseconds.to_bytes(8, "big") + row.pk.bytes)


def _decode(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        raw = _bytes(cursor)
        return _EPOCH + timedelta(microseconds=int.from_bytes(raw[:8], "big")), uuid.UUID(bytes=raw[8:])
    except (ValueError, OverflowError):
        raise _invalid() from None


def _decode_code(cursor: str) -> str:
    try:
        code = _bytes(cursor).decode("ascii")
    except ValueError:
        raise _invalid() from None
    if not code.isprintable():
        raise _invalid()
    return code


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(cursor: str) -> bytes:
    return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)


def _invalid() -> Invalid:
    return Invalid({"cursor": "cursor is not valid"})
