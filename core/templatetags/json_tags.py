"""Showing what clients sent in a shape of their own."""

from typing import Any

from django import template

from core.admin.badges import humanize_status

register = template.Library()


@register.filter
def dict_items(data: Any) -> list[tuple[str, Any]]:
    """The names, as people read them, and values of an object; empty for anything else.

    `said.items` in a template would be the value of a name "items".
    """
    return [(humanize_status(name), value) for name, value in data.items()] if isinstance(data, dict) else []
