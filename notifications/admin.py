"""SMS in the back office: to be found and read, and sent again where they failed."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from accounts.actors import back_office_actor
from accounts.admin_actions import act_on_each
from accounts.admin_search import has_phone, whole_phone
from accounts.admin_territories import TerritoryScopedAdmin
from accounts.models import User
from accounts.territories import in_territories
from core.admin import ReadOnlyAdmin, id_starts_with, is_whole_id, link_to
from core.admin.badges import badge, humanize_status, status_badge
from core.admin.filters import DayFilter, StateFilter
from core.admin.lists import NamedList
from core.admin.paging import KeysFirstPaginator
from core.admin.worklists import worklist_filter
from core.errors import DomainError
from devices.models import Device
from exports.admin.exportable import ExportableAdmin
from notifications.admin_columns import SMS_COLUMNS
from notifications.choices import SmsStatus
from notifications.models import PushToken, SmsMessage
from notifications.segments import segments_of
from notifications.services import resend
from notifications.worklists import FAILED

PAGES = {"ORDER": "admin:orders_order_change", "LEASE": "admin:leases_lease_change"}
RECENT = 2000
WORDS_SHOWN = 140
SHORTCUTS = [("All", ""), ("Failed in 7 days", "worklist=failed"), ("Waiting", "status__exact=PENDING")]


class EventFilter(admin.SimpleListFilter):
    """Offers the events of the newest texts: asking all rows for theirs would read the whole table."""

    title = parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        recent = SmsMessage.objects.order_by("-created_at", "-id").values_list("event", flat=True)[:RECENT]
        return [(event, event) for event in sorted(set(recent))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SmsMessage]) -> QuerySet[SmsMessage]:
        return queryset.filter(event=self.value()) if self.value() in dict(self.lookup_choices) else queryset


class SmsList(NamedList):
    has_cards = True
    """On a phone each row is a card."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        asked = request.GET.urlencode()
        self.shortcuts = [(label, f"?{query}", query == asked) for label, query in SHORTCUTS]


class SmsColumns(admin.ModelAdmin):
    """What lists and pages say of a text."""

    recipient_link = link_to("recipient")
    status_badge = status_badge

    @admin.display(description="recipient")
    def whom(self, message: SmsMessage) -> SafeString:
        name = message.recipient.name if message.recipient else ""
        return format_html('{} <span class="phone">{}</span>', name, message.to)

    @admin.display(description="text")
    def words(self, message: SmsMessage) -> str:
        return Truncator(message.text).chars(WORDS_SHOWN)

    @admin.display(description="parts")
    def parts(self, message: SmsMessage) -> SafeString:
        parts = segments_of(message.text)
        return format_html('{} <span class="encoding">{}</span>', parts.count, parts.encoding)

    @admin.display(description="parts")
    def parts_in_full(self, message: SmsMessage) -> str:
        parts = segments_of(message.text)
        why = f", because {parts.beyond} is not in the alphabet of GSM" if parts.beyond else ""
        return f"{parts.count} in {parts.encoding}{why}"

    @admin.display(description="status", ordering="status")
    def how_it_went(self, message: SmsMessage) -> SafeString:
        return format_html('{} <span class="error">{}</span>', badge(message.status), message.error)

    @admin.display(description="about")
    def about_what(self, message: SmsMessage) -> SafeString:
        return format_html('{} <span class="event">{}</span>', self.about(message), humanize_status(message.event))

    @admin.display(description="about")
    def about(self, message: SmsMessage) -> str:
        if message.related_type not in PAGES:
            return "-"
        url = reverse(PAGES[message.related_type], args=[message.related_id])
        return format_html('<a href="{}">{} #{}</a>', url, message.related_type, str(message.related_id)[:8])


@admin.register(SmsMessage)
class SmsMessageAdmin(ExportableAdmin, TerritoryScopedAdmin, SmsColumns, ReadOnlyAdmin):
    change_form_template = "admin/notifications/smsmessage/page.html"
    list_display = ["created_at", "how_it_went", "whom", "words", "parts", "about_what"]
    list_filter = [
        worklist_filter(FAILED),
        ("status", StateFilter),
        EventFilter,
        ("created_at", DayFilter),
        "queue",
    ]
    list_select_related = ["recipient"]
    list_per_page = 50
    paginator = KeysFirstPaginator
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["text"]
    search_help_text = "Phone, name, words, id of the order or lease or its first 8 characters (#abc12345)"
    actions = [act_on_each("send_again", "Send again", lambda text, by: resend(text, by=by), "will be sent again")]
    export_columns = SMS_COLUMNS

    class Media:
        css = {"all": ["backoffice/sms.css"]}

    fieldsets = [
        (None, {"fields": ["status_badge", "event", "to", "recipient_link", "text", "parts_in_full", "about"]}),
        ("Delivery", {"fields": ["error", "provider_message_id", "tries", "sent_at", "queue"]}),
        ("On the way", {"fields": ["next_try_at", "expires_at", "claimed_until", "outcome_unknown_since"]}),
        ("Record", {"fields": ["id", "dedupe_key", "correlation_id", "created_at", "updated_at"]}),
    ]

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        """Texts about the orders and leases of their devices."""
        devices = Device.objects.filter(in_territories(territory_ids, pincode_path="pincode")).order_by()
        about_orders = devices.filter(orders__isnull=False).values("orders")
        about_leases = devices.filter(leases__isnull=False).values("leases")
        return Q(related_id__in=about_orders) | Q(related_id__in=about_leases)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return SmsList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.filter(_meant_by(term)) if term.strip() else queryset), False

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(require_POST(self.send_again_view))
        name = "notifications_smsmessage_send_again"
        return [path("<path:object_id>/send-again/", again, name=name), *super().get_urls()]

    def send_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One press of "Send again", on the page of the text or of what it is about."""
        message = self.get_object(request, object_id)
        if message is None:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            resend(message, by=back_office_actor(request.user))  # type: ignore[arg-type]
        except DomainError as refusal:
            self.message_user(request, f"{message}: {refusal}", messages.ERROR)
        else:
            self.log_change(request, message, "Sent again")
            self.message_user(request, f"{message}: will be sent again", messages.SUCCESS)
        return HttpResponseRedirect(_way_back(request, message))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        message = context["original"]
        failed = message.status == SmsStatus.FAILED and not message.is_secret
        context["can_send_again"] = failed and self.has_change_permission(request)
        return super().render_change_form(request, context, *args, **options)


@admin.register(PushToken)
class PushTokenAdmin(ReadOnlyAdmin):
    list_display = ["user", "platform", "created_at", "updated_at"]
    list_filter = ["platform"]
    list_select_related = ["user"]
    search_fields = ["user__phone", "user__name"]
    user_link = link_to("user")
    fieldsets = [(None, {"fields": ["user_link", "platform", "created_at", "updated_at"]})]


def _meant_by(term: str) -> Q:
    ids = id_starts_with(term) | id_starts_with(term, field="related_id")
    if is_whole_id(term):
        return ids
    if whole_phone(term):
        return has_phone(term, "to")
    named = Q(recipient__in=User.objects.filter(name__icontains=term).order_by().values("pk"))
    return ids | has_phone(term, "to") | named | Q(text__icontains=term)


def _way_back(request: HttpRequest, message: SmsMessage) -> str:
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("admin:notifications_smsmessage_change", args=[message.pk])
