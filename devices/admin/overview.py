"""What the page of one device tells: its lease, price, bookings, pictures, and what happened to it."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from devices.models import Device
from devices.onboarding import IN_ONBOARDING, progress_of
from devices.pricing import prices_of

SHOWN_EVENTS = 50
SHOWN_BOOKINGS = 8
SHOWN_PICTURES = 12
HOLDING = ("ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED")
"""States in which an order holds its device."""


def overview_of(device: Any) -> dict[str, Any]:
    """For a device as `DeviceAdmin.get_queryset` finds it."""
    lease = device.leases.filter(pk=device.current_lease_id).select_related("vle").first()
    coming = device.orders.filter(status__in=HOLDING, end_date__gte=timezone.localdate())
    return {
        "lease": lease,
        "lease_hides": lease is not None and device.lease_order_status != "CLOSED",
        "bookings": coming.select_related("requester").order_by("start_date")[:SHOWN_BOOKINGS],
        "orders_count": device.orders.count(),
        "prices": prices_of(device),
        "pictures": list(device.media.order_by("-is_primary", "pk")[:SHOWN_PICTURES]),
        "history": device.events.select_related("changed_by")[:SHOWN_EVENTS],
        "progress": progress_of(device),
        "in_onboarding": device.status in IN_ONBOARDING,
        "next_step": progress_of(device).next or "review",
        "calendar_url": _calendar_of(device),
    }


def _calendar_of(device: Device) -> str:
    try:
        return f"{reverse('admin:leases_calendar')}?device={device.pk}"
    except NoReverseMatch:
        return ""
