"""What the page of one device tells: its lease, price, bookings, pictures, and what happened to it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from devices.admin.columns import ORDER_IS_DONE
from devices.onboarding import IN_ONBOARDING, progress_of
from devices.pricing import prices_of

SHOWN_EVENTS = 50
SHOWN_BOOKINGS = 8
SHOWN_PICTURES = 12


def overview_of(device: Any) -> dict[str, Any]:
    """For a device as `DeviceAdmin.get_queryset` finds it."""
    progress = progress_of(device)
    lease = device.leases.filter(pk=device.current_lease_id).select_related("vle").first()
    coming = device.orders.booked().filter(end_date__gte=timezone.localdate())
    return {
        "lease": lease,
        "lease_hides": lease is not None and device.lease_order_status != ORDER_IS_DONE,
        "bookings": coming.select_related("requester").order_by("start_date")[:SHOWN_BOOKINGS],
        "orders_count": device.orders.count(),
        "prices": prices_of(device),
        "pictures": list(device.media.order_by("-is_primary", "pk")[:SHOWN_PICTURES]),
        "history": device.events.select_related("changed_by")[:SHOWN_EVENTS],
        "progress": progress,
        "in_onboarding": device.status in IN_ONBOARDING,
        "next_step": progress.next or "review",
        "calendar_url": f"{reverse('admin:leases_calendar')}?device={device.pk}",
    }
