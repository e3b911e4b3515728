"""What the list of devices shows of each, and by what it is narrowed."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin_territories import TerritoryFilter
from accounts.territories import in_territories
from devices.admin.pages import step_url
from devices.models import Device, DeviceMedia
from devices.onboarding import IN_ONBOARDING, Step, progress_of
from devices.workflow import DeviceStatus

HIDDEN_FROM_FARMERS = "Farmers' searches without dates will not show it until its LEASE order is closed."
ORDER_IS_DONE = "CLOSED"
READY = "Ready"
NOTHING = format_html('<span class="nothing">{}</span>', "-")


class DeviceColumns:
    """Columns of devices as `DeviceAdmin.get_queryset` finds them."""

    @admin.display(description="")
    def picture(self, device: Any) -> SafeString:
        if device.picture_id is None:
            return format_html('<span class="thumbnail">{}</span>', "")
        url = reverse("admin:devices_device_thumbnail", args=[device.pk, device.picture_id])
        return format_html('<img class="thumbnail" src="{}" alt="" width="64" height="48" loading="lazy">', url)

    @admin.display(description="id")
    def short_id(self, device: Any) -> str:
        return str(device.pk)[:8]

    @admin.display(description="territory")
    def territory(self, device: Any) -> str:
        return device.territory_id or "-"

    @admin.display(description="leased by")
    def leased_by(self, device: Any) -> SafeString:
        if getattr(device, "current_lease_id", None) is None:
            return NOTHING
        url = reverse("admin:leases_lease_change", args=[device.current_lease_id])
        note = "" if device.lease_order_status == ORDER_IS_DONE else HIDDEN_FROM_FARMERS
        return format_html('<a href="{}">{}</a> <small>{}</small>', url, device.lessee, note)

    @admin.display(description="onboarding")
    def onboarding(self, device: Any) -> SafeString:
        """The step that comes next, with the way there; what a device that is through with it lacks."""
        progress = progress_of(device)
        if device.status not in IN_ONBOARDING:
            lacks_price = Step.PRICE in progress.missing and device.status != DeviceStatus.RETIRED
            return _no_price(device) if lacks_price else NOTHING
        step = progress.next
        url, words = step_url(device, step or "review"), f"Step {step.number} of 4" if step else READY
        return format_html('<a href="{}">{}</a>', url, words)


def _no_price(device: Any) -> SafeString:
    url = step_url(device, Step.PRICE)
    return format_html('<a class="badge" data-tone="bad" href="{}">No price</a>', url)


class LeasedFilter(admin.SimpleListFilter):
    title = "lease"
    parameter_name = "leased"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "leased"), ("no", "not leased")]

    def queryset(self, request: HttpRequest, devices: QuerySet) -> QuerySet | None:
        return devices.filter(current_lease_id__isnull=self.value() == "no") if self.value() in {"yes", "no"} else None


class PictureFilter(admin.SimpleListFilter):
    title = "picture"
    parameter_name = "picture"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "without picture"), ("yes", "with picture")]

    def queryset(self, request: HttpRequest, devices: QuerySet) -> QuerySet | None:
        has_photo = Exists(DeviceMedia.objects.photos().filter(device=OuterRef("pk")))
        answers = {"yes": has_photo, "no": ~has_photo}
        return devices.filter(answers[self.value()]) if self.value() in answers else None


class DeviceTerritoryFilter(TerritoryFilter):
    def rows_in(self, territory_ids: Collection[str]) -> Q:
        return in_territories(territory_ids, pincode_path="pincode")


def with_picture(devices: QuerySet[Device]) -> QuerySet[Device]:
    """Adds `picture_id`: the picture that stands for the device."""
    primary = DeviceMedia.objects.filter(device=OuterRef("pk"), is_primary=True)
    return devices.annotate(picture_id=Subquery(primary.values("pk")[:1]))
