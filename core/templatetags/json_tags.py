"""The filter `{{ data|dict_items }}`, for JSON objects of any shape."""

from typing import Any

from django import template

from core.admin.badges import humanize_status

register = template.Library()


@register.filter
def dict_items(data: Any) -> list[tuple[str, Any]]:
    """Return the humanized names and the values of a JSON object; an empty list for anything else."""
    # `data.items` in a template would be the value of the name "items".
    return [(humanize_status(name), value) for name, value in data.items()] if isinstance(data, dict) else []
