"""Search terms that are ids."""

import re
from uuid import UUID

from django.db.models import Q

_ID_START = re.compile(r"#?([0-9a-f]{8})(?:-[0-9a-f-]*)?", re.ASCII | re.IGNORECASE)


def is_whole_id(term: str) -> bool:
    """Return whether the term can only be an id: a whole one, or its first 8 characters after a `#`."""
    term = term.strip()
    return _ID_START.fullmatch(term) is not None and (term.startswith("#") or len(term) > len("abc12345"))


def id_starts_with(term: str, *, field: str = "pk") -> Q:
    """Filter to rows whose UUID in `field` starts with the term: `#abc12345`, `abc12345`, or the whole id."""
    match = _ID_START.fullmatch(term.strip())
    if match is None:
        return Q(pk__in=[])
    start = match[1].lower()
    # A range, unlike a comparison of text, can use the primary key's index.
    return Q(**{f"{field}__gte": UUID(start + "0" * 24), f"{field}__lte": UUID(start + "f" * 24)})
