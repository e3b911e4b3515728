"""Pieces of cells, one beside the other."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def joined(parts: Iterable[object]) -> SafeString:
    """One beside the other."""
    return format_html_join(" ", "{}", ((part,) for part in parts))


def link(text: object, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)
