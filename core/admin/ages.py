"""Ages of rows in lists."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince


def age_of(moment: datetime) -> SafeString:
    """Return how long ago the moment was, as `3 days`, with the moment itself as the tooltip."""
    local = timezone.localtime(moment)
    title = date_format(local, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), title, timesince(local, depth=1))
