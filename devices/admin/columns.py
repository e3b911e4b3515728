"""Columns and filters of the list of devices."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.territory_scope import TerritoryFilter
from accounts.territories import in_territories
from core.admin.filters import condition_filter
from core.admin.links import change_url_by_id, link
from devices.admin.pages import REVIEW, step_url
from devices.models import Device, DeviceMedia
from devices.onboarding import IN_ONBOARDING, Step, progress_of
from devices.workflow import DeviceStatus

HIDDEN_FROM_FARMERS = "Farmers' searches without dates will not show it until its LEASE order is closed."
CLOSED_ORDER = "CLOSED"  # a status of orders, which are above devices
READY = "Ready"
NO_VALUE = format_html('<span class="nothing">{}</span>', "-")


class DeviceColumns:
    """Declare the columns; they read the annotations of `DeviceAdmin.get_queryset`."""

    @admin.display(description="")
    def photo(self, device: Any) -> SafeString:
        if device.photo_id is None:
            return format_html('<span class="thumbnail">{}</span>', "")
        url = reverse("admin:devices_device_thumbnail", args=[device.pk, device.photo_id])
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
            return NO_VALUE
        url = change_url_by_id("leases.Lease", device.current_lease_id)
        note = "" if device.lease_order_status == CLOSED_ORDER else HIDDEN_FROM_FARMERS
        return format_html("{} <small>{}</small>", link(device.lessee, url), note)

    @admin.display(description="onboarding")
    def onboarding(self, device: Any) -> SafeString:
        """Return a link to the next step; for an onboarded device without a price, a link to the price."""
        progress = progress_of(device)
        if device.status not in IN_ONBOARDING:
            lacks_price = Step.PRICE in progress.missing and device.status != DeviceStatus.RETIRED
            return _no_price_link(device) if lacks_price else NO_VALUE
        step = progress.next
        return link(f"Step {step.number} of 4" if step else READY, step_url(device, step or REVIEW))


def _no_price_link(device: Any) -> SafeString:
    url = step_url(device, Step.PRICE)
    return format_html('<a class="badge" data-tone="bad" href="{}">No price</a>', url)


def _has_photo() -> Exists:
    return Exists(DeviceMedia.objects.photos().filter(device=OuterRef("pk")))


LeasedFilter = condition_filter(
    "lease",
    "leased",
    {
        "yes": ("leased", lambda: Q(current_lease_id__isnull=False)),
        "no": ("not leased", lambda: Q(current_lease_id__isnull=True)),
    },
)
PhotoFilter = condition_filter(
    "photo", "photo", {"no": ("without photo", lambda: ~_has_photo()), "yes": ("with photo", _has_photo)}
)


class DeviceTerritoryFilter(TerritoryFilter):
    def rows_in(self, territory_ids: Collection[str]) -> Q:
        return in_territories(territory_ids, pincode_path="pincode")


def with_photo(devices: QuerySet[Device]) -> QuerySet[Device]:
    """Annotate devices with `photo_id`, the id of their primary photo."""
    primary = DeviceMedia.objects.filter(device=OuterRef("pk"), is_primary=True)
    return devices.annotate(photo_id=Subquery(primary.values("pk")[:1]))
