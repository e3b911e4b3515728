"""SMS in the back office: to be found and read, and sent again where they failed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.admin_actions import act_on_each
from core.admin import ReadOnlyAdmin, id_starts_with, link_to
from core.admin.needs import needs_filter
from notifications.models import PushToken, SmsMessage
from notifications.needs import FAILED
from notifications.services import send_again

PAGES = {"ORDER": "admin:orders_order_change", "LEASE": "admin:leases_lease_change"}
RECENT = 2000


class EventFilter(admin.SimpleListFilter):
    """Offers the events of the newest texts: asking all rows for theirs would read the whole table."""

    title = parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        recent = SmsMessage.objects.order_by("-created_at", "-id").values_list("event", flat=True)[:RECENT]
        return [(event, event) for event in sorted(set(recent))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SmsMessage]) -> QuerySet[SmsMessage]:
        return queryset.filter(event=self.value()) if self.value() in dict(self.lookup_choices) else queryset


@admin.register(SmsMessage)
class SmsMessageAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "to", "event", "text", "status", "error", "tries", "about"]
    list_filter = [needs_filter(FAILED), "status", EventFilter, "queue", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["recipient"]
    search_fields = ["to", "text"]
    search_help_text = "Phone, words, id of the order or lease or its first 8 characters (#abc12345)"
    actions = [act_on_each("send_again", "Send again", lambda text, by: send_again(text, by=by), "will be sent again")]

    recipient_link = link_to("recipient")

    fieldsets = [
        (None, {"fields": ["event", "to", "recipient_link", "text", "about"]}),
        ("Delivery", {"fields": ["status", "error", "provider_message_id", "tries", "sent_at", "queue"]}),
        ("On the way", {"fields": ["next_try_at", "expires_at", "claimed_until", "outcome_unknown_since"]}),
        ("Record", {"fields": ["id", "dedupe_key", "correlation_id", "created_at", "updated_at"]}),
    ]

    @admin.display(description="about")
    def about(self, message: SmsMessage) -> str:
        if message.related_type not in PAGES:
            return "-"
        url = reverse(PAGES[message.related_type], args=[message.related_id])
        return format_html('<a href="{}">{} #{}</a>', url, message.related_type, str(message.related_id)[:8])

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        by_id = id_starts_with(term) | id_starts_with(term, field="related_id")
        return found | queryset.filter(by_id), duplicates


@admin.register(PushToken)
class PushTokenAdmin(ReadOnlyAdmin):
    list_display = ["user", "platform", "created_at", "updated_at"]
    list_filter = ["platform"]
    list_select_related = ["user"]
    search_fields = ["user__phone", "user__name"]
    user_link = link_to("user")
    fieldsets = [(None, {"fields": ["user_link", "platform", "created_at", "updated_at"]})]
