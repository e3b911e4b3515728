"""Menu of the back office: its lists, grouped by the work of the office instead of by app."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Shortcut:
    """Link to a page that is not a list, for staff with the permission."""

    label: str
    url_name: str
    permission: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_open_to(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


@dataclass(frozen=True)
class Section:
    """Group lists, by the labels of their models, and shortcuts. A list is called like its model in the plural."""

    name: str
    lists: Sequence[str]
    shortcuts: Sequence[Shortcut] = field(default=())


QUEUE = Shortcut("Verification queue", "admin:service_orders_queue", "service_orders.view_serviceorder")
BOARD = Shortcut("Live board", "board", "events.view_orderevent")
ONBOARD = Shortcut("Onboard a device", "admin:devices_device_onboard", "devices.add_device")
CALENDAR = Shortcut("Calendar", "admin:leases_calendar", "leases.view_lease")
EXPORTS = Shortcut("Exports", "admin:exports_export_changelist", "exports.export")

SECTIONS = [
    Section("Orders", ["orders.Order", "orders.Intent", "events.OrderEvent"], [BOARD]),
    Section("Service orders", ["service_orders.ServiceOrder"], [QUEUE]),
    Section("Leases", ["leases.Lease", "leases.LeaseOperator"], [CALENDAR]),
    Section(
        "Devices",
        [
            "devices.Device",
            "devices.PricingRule",
            "devices.RentalThreshold",
            "devices.DeviceMedia",
            "devices.DeviceType",
            "devices.Manufacturer",
        ],
        [ONBOARD],
    ),
    Section(
        "People",
        [
            "accounts.User",
            "accounts.VleProfile",
            "accounts.Operator",
            "accounts.Territory",
            "accounts.AccessChange",
        ],
    ),
    Section("Messages", ["notifications.SmsMessage", "notifications.PushToken"]),
]
OTHER_SECTION = "System"
"""Section of the lists that no other section contains."""


def sections(models: Sequence[dict[str, Any]], request: HttpRequest) -> list[dict[str, Any]]:
    """Group the lists that the user may open into sections, in the format of Django's app list."""
    left = {model["model"]._meta.label: model for model in models}
    found = []
    for section in SECTIONS:
        lists = [left.pop(label) for label in section.lists if label in left]
        pages = [page for page in section.shortcuts if page.is_open_to(request)]
        found.append(_section(section.name, lists, pages))
    rest = sorted(left.values(), key=lambda model: model["name"])
    found.append(_section(OTHER_SECTION, rest, []))
    return [section for section in found if section["models"] or section["pages"]]


def shortcuts(request: HttpRequest) -> list[Shortcut]:
    """List the shortcuts of the home page that the user may open."""
    return [page for page in (BOARD, QUEUE, ONBOARD, CALENDAR, EXPORTS) if page.is_open_to(request)]


def _section(name: str, models: list[dict[str, Any]], pages: list[Shortcut]) -> dict[str, Any]:
    label = name.lower().replace(" ", "-")
    return {"name": name, "app_label": label, "has_module_perms": True, "models": models, "pages": pages}
