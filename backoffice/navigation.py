"""How people find their way: the lists of the back office grouped as the work is, not as the code is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Shortcut:
    """A page that is no list, for those who have the permission."""

    label: str
    page: str
    """The name of its URL."""
    permission: str

    @property
    def url(self) -> str:
        return reverse(self.page)

    def is_open_to(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)  # type: ignore[union-attr]


@dataclass(frozen=True)
class Section:
    name: str
    lists: dict[str, str]
    """Models and what their lists are called here."""
    shortcuts: Sequence[Shortcut] = field(default=())


QUEUE = Shortcut("Verify", "admin:service_orders_queue", "service_orders.view_serviceorder")
BOARD = Shortcut("Live board", "board", "events.view_orderevent")
ONBOARD = Shortcut("Onboard a device", "admin:devices_device_onboard", "devices.add_device")
CALENDAR = Shortcut("Calendar", "admin:leases_calendar", "leases.view_lease")
EXPORTS = Shortcut("Exports", "admin:exports_export_changelist", "exports.export")

SECTIONS = [
    Section(
        "Orders",
        {"orders.Order": "Orders", "orders.Intent": "Enquiries", "events.OrderEvent": "Order history"},
        [BOARD],
    ),
    Section("Service orders", {"service_orders.ServiceOrder": "Service orders"}, [QUEUE]),
    Section("Leases", {"leases.Lease": "Leases", "leases.LeaseOperator": "Assignments"}, [CALENDAR]),
    Section(
        "Devices",
        {
            "devices.Device": "Devices",
            "devices.PricingRule": "Prices",
            "devices.RentalThreshold": "Rental limits",
            "devices.DeviceMedia": "Pictures and films",
            "devices.DeviceType": "Types",
            "devices.Manufacturer": "Manufacturers",
        },
        [ONBOARD],
    ),
    Section(
        "People",
        {
            "accounts.User": "Users",
            "accounts.VleProfile": "VLEs",
            "accounts.Operator": "Operators",
            "accounts.Territory": "Territories",
        },
    ),
    Section("Messages", {"notifications.SmsMessage": "SMS", "notifications.PushToken": "Push phones"}),
]
REST = "System"
"""Where lists go that no section names, under their own names."""


def sections(models: Sequence[dict[str, Any]], request: HttpRequest) -> list[dict[str, Any]]:
    """The lists that Django found open to the reader, in our sections, in the form its templates know."""
    left = {model["model"]._meta.label: model for model in models}
    found = []
    for section in SECTIONS:
        named = [left.pop(label) | {"name": name} for label, name in section.lists.items() if label in left]
        pages = [page for page in section.shortcuts if page.is_open_to(request)]
        found.append(_section(section.name, named, pages))
    rest = sorted(left.values(), key=lambda model: model["name"])
    return [section for section in [*found, _section(REST, rest, [])] if section["models"] or section["pages"]]


def shortcuts(request: HttpRequest) -> list[Shortcut]:
    """The pages that the home page offers first."""
    return [page for page in (BOARD, QUEUE, ONBOARD, CALENDAR, EXPORTS) if page.is_open_to(request)]


def _section(name: str, models: list[dict[str, Any]], pages: list[Shortcut]) -> dict[str, Any]:
    label = name.lower().replace(" ", "-")
    return {"name": name, "app_label": label, "has_module_perms": True, "models": models, "pages": pages}
