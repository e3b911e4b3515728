"""Columns of SMS messages."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from core.admin.badges import badge, humanize_status, status_badge
from core.admin.links import change_url_by_id, link, link_to
from notifications.models import SmsMessage
from notifications.segments import segments_of

SUBJECTS = {"ORDER": "orders.Order", "LEASE": "leases.Lease"}
MAX_CHARACTERS = 140


class SmsColumns(admin.ModelAdmin):
    """Declare the columns of the list, and the computed fields of the page."""

    recipient_link = link_to("recipient")
    status_badge = status_badge

    @admin.display(description="recipient")
    def recipient_and_phone(self, message: SmsMessage) -> SafeString:
        name = message.recipient.name if message.recipient else ""
        return format_html('{} <span class="phone">{}</span>', name, message.to)

    @admin.display(description="text")
    def text_start(self, message: SmsMessage) -> str:
        return Truncator(message.text).chars(MAX_CHARACTERS)

    @admin.display(description="parts")
    def segments(self, message: SmsMessage) -> SafeString:
        segments = segments_of(message.text)
        return format_html('{} <span class="encoding">{}</span>', segments.count, segments.encoding)

    @admin.display(description="parts")
    def segments_in_full(self, message: SmsMessage) -> str:
        segments = segments_of(message.text)
        reason = f", because {segments.beyond} is not in the alphabet of GSM" if segments.beyond else ""
        return f"{segments.count} in {segments.encoding}{reason}"

    @admin.display(description="status", ordering="status")
    def status_and_error(self, message: SmsMessage) -> SafeString:
        return format_html('{} <span class="error">{}</span>', badge(message.status), message.error)

    @admin.display(description="about")
    def subject_and_event(self, message: SmsMessage) -> SafeString:
        event = humanize_status(message.event)
        return format_html('{} <span class="event">{}</span>', self.subject(message), event)

    @admin.display(description="about")
    def subject(self, message: SmsMessage) -> str:
        if message.related_type not in SUBJECTS:
            return "-"
        url = change_url_by_id(SUBJECTS[message.related_type], message.related_id)
        return link(f"{message.related_type} #{str(message.related_id)[:8]}", url)
