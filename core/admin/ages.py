"""How long ago something was."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince


def age_of(moment: datetime) -> SafeString:
    """`3 days`; the moment itself for whoever points at it."""
    here = timezone.localtime(moment)
    when = date_format(here, "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', here.isoformat(), when, timesince(here, depth=1))
