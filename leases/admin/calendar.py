"""The calendar: devices down the page, days across it, and who has which device when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.admin_territories import visible_in_territories
from accounts.models import Territory
from accounts.territories import in_territories
from core.days import format_date_range
from devices.models import Device, DeviceType
from leases.calendar import (
    Booking,
    Cell,
    Window,
    add_months,
    arrange_rows,
    find_bookings,
    is_booked_in,
    months_from,
)

DEVICES_ON_A_PAGE = 25
FIRST_YEAR, LAST_YEAR = 2000, 2100


class MonthField(forms.Field):
    """`2026-12`; the first day of that month."""

    def to_python(self, value: Any) -> date | None:
        try:
            month = date.fromisoformat(f"{value}-01") if value else None
        except ValueError:
            month = None
        return month if month and FIRST_YEAR <= month.year <= LAST_YEAR else None


class CalendarForm(forms.Form):
    """What the address of the calendar may say; anything else counts as unsaid."""

    q = forms.CharField(label="Device", required=False, max_length=100)
    type = forms.ModelChoiceField(DeviceType.objects.all(), required=False, empty_label="All types")
    territory = forms.ModelChoiceField(Territory.objects.all(), required=False, empty_label="All territories")
    use = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All devices"),
            ("booked", "Booked on some of these days"),
            ("free", "Free on all of these days"),
        ],
    )
    start = MonthField(required=False, widget=forms.HiddenInput)
    months = forms.TypedChoiceField(
        required=False, choices=[(1, "Month"), (3, "3 months")], coerce=int, empty_value=1, widget=forms.HiddenInput
    )
    device = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    @property
    def is_narrowed(self) -> bool:
        return any(self.said().get(name) for name in ("q", "type", "territory", "use"))


@dataclass(frozen=True)
class DeviceRows:
    device: Device
    rows: list[list[Cell]]
    bookings: list[Booking]


class ShowsCalendar(admin.ModelAdmin):
    """The page `leases_calendar`, of all devices or, with `?device=<id>`, of one."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(require_safe(self.calendar_page))
        return [path("calendar/", page, name="leases_calendar"), *super().get_urls()]

    def calendar_page(self, request: HttpRequest) -> HttpResponse:
        """A page of devices with what holds them in one month, or in three."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = CalendarForm(request.GET, label_suffix="")
        said = form.said()
        months = said.get("months") or 1
        window = months_from(said.get("start") or timezone.localdate(), months)
        page = Paginator(_devices(request, said, window), DEVICES_ON_A_PAGE).get_page(request.GET.get("p"))
        rows = _rows(page.object_list, window)
        only = rows[0].device if said.get("device") and len(rows) == 1 else None
        context = {
            "title": f"Calendar of {only}" if only else "Calendar of leases and bookings",
            "opts": self.opts,
            "form": form,
            "page": page,
            "window": window,
            "rows": rows,
            "only": only,
            "chooser": [form[name] for name in ("type", "territory", "use")],
            "months": _stretches(window, lambda day: day.day == 1),
            "weeks": _stretches(window, lambda day: day.weekday() == 0),
            "month_count": months,
            "period": format_date_range(window.first, window.last) if months > 1 else f"{window.first:%B %Y}",
            "links": _links(request, window, months),
        }
        return TemplateResponse(
            request, "admin/leases/lease/calendar.html", self.admin_site.each_context(request) | context
        )


def _devices(request: HttpRequest, said: dict[str, Any], window: Window) -> QuerySet[Device]:
    rows = Device.objects.filter(visible_in_territories(request.user, pincode_path="pincode"))  # type: ignore[arg-type]
    if device := said.get("device"):
        rows = rows.filter(pk=device)
    if kind := said.get("type"):
        rows = rows.filter(device_type=kind)
    if territory := said.get("territory"):
        rows = rows.filter(in_territories([territory.pk], pincode_path="pincode"))
    if words := said.get("q", "").strip().removeprefix("#"):
        rows = rows.matching(words)
    if use := said.get("use"):
        rows = rows.filter(is_booked_in(window) if use == "booked" else ~is_booked_in(window))
    return rows.select_related("device_type").order_by("name", "pk")


def _rows(devices: Iterable[Device], window: Window) -> list[DeviceRows]:
    shown = list(devices)
    found = find_bookings([device.pk for device in shown], window)
    return [DeviceRows(device, arrange_rows(found[device.pk], window), found[device.pk]) for device in shown]


def _stretches(window: Window, begins: Callable[[date], bool]) -> list[dict[str, Any]]:
    """The months, or the weeks, over the days: the first day of each, and how many."""
    found: list[dict[str, Any]] = []
    for day in window.marks:
        if not found or begins(day):
            found.append({"day": day, "span": 0})
        found[-1]["span"] += 1
    return found


def _links(request: HttpRequest, window: Window, months: int) -> dict[str, str]:
    """Where the buttons lead: the same devices on other days."""
    this_month = timezone.localdate().replace(day=1)
    other = 1 if months == 3 else 3
    return {
        "before": _address(request, start=f"{add_months(window.first, -months):%Y-%m}"),
        "after": _address(request, start=f"{add_months(window.first, months):%Y-%m}"),
        "today": _address(request, start=f"{this_month:%Y-%m}"),
        "other_length": _address(request, start=f"{window.first:%Y-%m}", months=str(other)),
        "same": _address(request, start=f"{window.first:%Y-%m}"),
        "all_devices": _address(request, device=""),
    }


def _address(request: HttpRequest, **changes: str) -> str:
    said = request.GET.copy()
    said.pop("p", None)
    for name, value in changes.items():
        said[name] = value
        if not value:
            del said[name]
    return f"{reverse('admin:leases_calendar')}?{said.urlencode()}"
