"""Admin pages of SMS messages: search, details, and sending failed ones again."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.models import User
from accounts.search import has_phone, whole_phone
from accounts.territories import in_territories
from core.admin.actions import RowAction, RowActionsMixin, bulk_action
from core.admin.base import LongListAdmin
from core.admin.change_lists import CardChangeList
from core.admin.day_filters import DayFilter
from core.admin.filters import StatusFilter, worklist_filter
from core.admin.search import id_starts_with, is_whole_id
from devices.models import Device
from exports.admin.exportable import ExportableAdmin
from notifications.admin.columns import SmsColumns
from notifications.admin.export_columns import SMS_COLUMNS
from notifications.choices import SmsStatus
from notifications.models import SmsMessage
from notifications.services import resend
from notifications.worklists import FAILED

RECENT_MESSAGES = 2000
RESEND = RowAction(
    "resend",
    "Send again",
    resend,
    success="will be sent again",
    is_available=lambda message: message.status == SmsStatus.FAILED and not message.is_secret,
)


class EventFilter(admin.SimpleListFilter):
    """Offer the events of recent messages; to read those of all rows would read the whole table."""

    title = parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest_first = SmsMessage.objects.order_by("-created_at", "-id")
        events = newest_first.values_list("event", flat=True)[:RECENT_MESSAGES]
        return [(event, event) for event in sorted(set(events))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SmsMessage]) -> QuerySet[SmsMessage]:
        return queryset.filter(event=self.value()) if self.value() in dict(self.lookup_choices) else queryset


class SmsChangeList(CardChangeList):
    query_shortcuts = [
        ("All", ""),
        ("Failed in 7 days", f"worklist={FAILED.name}"),
        ("Waiting", f"status__exact={SmsStatus.PENDING}"),
    ]


@admin.register(SmsMessage)
class SmsMessageAdmin(ExportableAdmin, TerritoryScopedAdmin, RowActionsMixin, SmsColumns, LongListAdmin):
    change_form_template = "admin/notifications/smsmessage/page.html"
    change_list_class = SmsChangeList
    list_display = [
        *("created_at", "status_and_error", "recipient_and_phone", "text_start", "segments", "subject_and_event"),
    ]
    list_filter = [
        worklist_filter(FAILED),
        ("status", StatusFilter),
        EventFilter,
        ("created_at", DayFilter),
        "queue",
    ]
    list_select_related = ["recipient"]
    search_fields = ["text"]
    search_help_text = "Phone, name, words, id of the order or lease or its first 8 characters (#abc12345)"
    row_actions = [RESEND]
    actions = [bulk_action(RESEND)]
    export_columns = SMS_COLUMNS

    class Media:
        css = {"all": ["backoffice/sms.css"]}

    fieldsets = [
        (None, {"fields": ["status_badge", "event", "to", "recipient_link", "text", "segments_in_full", "subject"]}),
        ("Delivery", {"fields": ["error", "provider_message_id", "tries", "sent_at", "queue"]}),
        ("On the way", {"fields": ["next_try_at", "expires_at", "claimed_until", "outcome_unknown_since"]}),
        ("Record", {"fields": ["id", "dedupe_key", "correlation_id", "created_at", "updated_at"]}),
    ]

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        """Filter to messages about the orders and leases of the territories' devices."""
        devices = Device.objects.filter(in_territories(territory_ids, pincode_path="pincode")).order_by()
        about_orders = devices.filter(orders__isnull=False).values("orders")
        about_leases = devices.filter(leases__isnull=False).values("leases")
        return Q(related_id__in=about_orders) | Q(related_id__in=about_leases)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.filter(_matching(term)) if term.strip() else queryset), False


def _matching(term: str) -> Q:
    ids = id_starts_with(term) | id_starts_with(term, field="related_id")
    if is_whole_id(term):
        return ids
    if whole_phone(term):
        return has_phone(term, "to")
    by_name = Q(recipient__in=User.objects.filter(name__icontains=term).order_by().values("pk"))
    return ids | has_phone(term, "to") | by_name | Q(text__icontains=term)
