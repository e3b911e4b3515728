"""The overview on the page of a device: its lease, prices, bookings, media and history."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from devices.admin.columns import CLOSED_ORDER
from devices.onboarding import IN_ONBOARDING, progress_of
from devices.pricing import prices_of

MAX_EVENTS = 50
MAX_BOOKINGS = 8
MAX_MEDIA = 12


def overview_of(device: Any) -> dict[str, Any]:
    """Return the template context for a device with the annotations of `DeviceAdmin.get_queryset`."""
    progress = progress_of(device)
    lease = device.leases.filter(pk=device.current_lease_id).select_related("vle").first()
    coming = device.orders.booked().filter(end_date__gte=timezone.localdate())
    return {
        "lease": lease,
        "lease_hides": lease is not None and device.lease_order_status != CLOSED_ORDER,
        "bookings": coming.select_related("requester").order_by("start_date")[:MAX_BOOKINGS],
        "orders_count": device.orders.count(),
        "prices": prices_of(device),
        "device_media": list(device.media.order_by("-is_primary", "pk")[:MAX_MEDIA]),
        "history": device.events.select_related("changed_by")[:MAX_EVENTS],
        "progress": progress,
        "in_onboarding": device.status in IN_ONBOARDING,
        "next_step": progress.next or "review",
        "calendar_url": f"{reverse('admin:leases_calendar')}?device={device.pk}",
    }
