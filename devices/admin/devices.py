"""Devices in the back office: entered and corrected here, moved through the same services as everywhere."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from accounts.actors import back_office_actor
from accounts.admin_actions import act_on_each
from accounts.territories import territory_id_for
from core.admin import ReadOnlyAdmin, link_to, links_to
from core.admin.needs import needs_filter
from core.errors import DomainError
from devices.admin.kept import KeptAdmin
from devices.forms import DeviceForm
from devices.media import add_media, remove_media, set_primary_media
from devices.models import Device, DeviceMedia
from devices.needs import ONBOARDING, PRICE
from devices.services import draft_device, edit_device, move_device
from devices.workflow import DeviceStatus

HIDDEN_FROM_FARMERS = "Farmers' searches without dates will not show it until its LEASE order is closed."
ORDER_IS_DONE = "CLOSED"


def mover(name: str, description: str, to: DeviceStatus) -> Callable[..., None]:
    return act_on_each(name, description, lambda device, by: move_device(device, to=to, by=by))


@admin.display(description="preview")
def preview(self: Any, media: DeviceMedia) -> str:
    if media.is_picture:
        return format_html('<a href="{0}"><img src="{0}" alt="" height="80"></a>', media.url)
    return format_html('<a href="{}">film</a>', media.url)


class MediaInline(admin.TabularInline):
    """To look at; the page of each picture and film has its acts."""

    model = DeviceMedia
    fields = readonly_fields = ["preview", "is_primary", "content_type", "uploaded_at"]
    extra = max_num = 0
    can_delete = False
    show_change_link = True
    preview = preview


class LeasedFilter(admin.SimpleListFilter):
    title = "lease"
    parameter_name = "leased"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "leased"), ("no", "not leased")]

    def queryset(self, request: HttpRequest, devices: QuerySet) -> QuerySet | None:
        return devices.filter(current_lease_id__isnull=self.value() == "no") if self.value() in {"yes", "no"} else None


@admin.register(Device)
class DeviceAdmin(KeptAdmin):
    form = DeviceForm
    list_display = ["name", "short_id", "status", "device_type", "pincode", "leased_by", "updated_at"]
    list_filter = [needs_filter(PRICE, ONBOARDING), "status", LeasedFilter, "device_type", "manufacturer"]
    list_select_related = ["device_type"]
    search_fields = ["name"]
    search_help_text = "Name, start of the id, sensor or PIN code"
    inlines = [MediaInline]
    actions = [
        mover("onboard", "Onboard", DeviceStatus.ONBOARDED),
        mover("take_live", "Take live", DeviceStatus.LIVE),
        mover("take_off", "Take off the market", DeviceStatus.NOT_LIVE),
        mover("maintain", "Send to maintenance", DeviceStatus.UNDER_MAINTENANCE),
        mover("retire", "Retire for ever", DeviceStatus.RETIRED),
    ]
    orders_link = links_to("orders", "order", "device", "orders")
    leases_link = links_to("leases", "lease", "device", "leases")
    readonly_fields = [
        "status",
        "leased_by",
        "orders_link",
        "leases_link",
        "territory",
        "last_seen_at",
        "battery",
        "health",
    ]
    readonly_fields += ["created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["status", "leased_by", "name", "description", "device_type", "manufacturer"]}),
        ("Machine", {"fields": ["owner", "manufactured_date", "sensor_id", "company_owned", "requires_operator"]}),
        ("Where", {"fields": ["address_first_line", "address_second_line", "pincode", "territory", "city", "state"]}),
        (None, {"fields": ["country", "latitude", "longitude"]}),
        ("Media", {"fields": ["new_media"]}),
        ("What came of it", {"fields": ["orders_link", "leases_link", "last_seen_at", "battery", "health"]}),
        (None, {"fields": ["created_at", "updated_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        return (
            Device.objects.with_current_lease()
            .annotate(
                lessee=F("active_lease__vle__name"),
                lease_order_status=F("active_lease__order__status"),
                territory_id=territory_id_for("pincode"),
            )
            .order_by("-created_at", "-pk")
        )

    @admin.display(description="territory")
    def territory(self, device: Device) -> str:
        return device.territory_id or "-"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.matching(term.strip().removeprefix("#")) if term.strip() else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        is_final = obj is not None and obj.is_retired
        return not is_final and super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Device | None = None) -> list:
        if obj is not None and self.has_change_permission(request, obj):
            return self.fieldsets
        hidden = {"new_media"} if obj else set(self.readonly_fields)
        kept = [
            (title, [name for name in options["fields"] if name not in hidden]) for title, options in self.fieldsets
        ]
        return [(title, {"fields": names}) for title, names in kept if names]

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except DomainError as refusal:  # of what changed between the form's check and the service
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Device, form: DeviceForm, change: bool) -> None:
        by = back_office_actor(request.user)
        saved = edit_device(obj, by=by, **form.changes()) if change else draft_device(by=by, **form.changes())
        obj.pk, obj._state = saved.pk, saved._state
        if uploads := form.cleaned_data.get("new_media"):
            add_media(saved, uploads=uploads, by=by)

    @admin.display(description="id")
    def short_id(self, device: Device) -> str:
        return str(device.pk)[:8]

    @admin.display(description="leased by")
    def leased_by(self, device: Device) -> str:
        if getattr(device, "current_lease_id", None) is None:
            return "-"
        url = reverse("admin:leases_lease_change", args=[device.current_lease_id])
        note = "" if device.lease_order_status == ORDER_IS_DONE else HIDDEN_FROM_FARMERS
        return format_html('<a href="{}">{}</a> {}', url, device.lessee, note)


@admin.register(DeviceMedia)
class DeviceMediaAdmin(ReadOnlyAdmin):
    list_display = ["preview", "device_link", "is_primary", "content_type", "uploaded_at"]
    list_filter = ["is_primary", "content_type"]
    list_select_related = ["device"]
    search_fields = ["device__name"]
    preview = preview
    device_link = link_to("device")
    fieldsets = [(None, {"fields": ["preview", "device_link", "is_primary", "content_type", "uploaded_at"]})]
    actions = [
        act_on_each("make_primary", "Make primary", lambda row, by: set_primary_media(row.device, url=row.url, by=by)),
        act_on_each("remove", "Remove for ever", lambda row, by: remove_media(row.device, url=row.url, by=by)),
    ]
