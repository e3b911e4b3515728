"""Words with a colour, for people."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def label(text: str, tone: str = "quiet") -> SafeString:
    """A word as a small coloured label."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, text)


def joined(parts: Iterable[object]) -> SafeString:
    """One beside the other."""
    return format_html_join(" ", "{}", ((part,) for part in parts))


def link(text: object, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)
