"""Showing what clients sent in a shape of their own."""

from typing import Any

from django import template

from core.admin.badges import worded

register = template.Library()


@register.filter
def pairs(said: Any) -> list[tuple[str, Any]]:
    """The names, as people read them, and values of an object; empty for anything else.

    `said.items` in a template would be the value of a name "items".
    """
    return [(worded(name), value) for name, value in said.items()] if isinstance(said, dict) else []
