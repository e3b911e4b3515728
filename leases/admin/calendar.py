"""The calendar page: a row per device, a column per day, and a bar per lease or booking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.admin.territory_scope import visible_in_territories
from accounts.models import Territory
from accounts.requests import staff_user
from accounts.territories import in_territories
from core.admin.base import BaseAdmin
from core.admin.views import guarded_view
from core.days import format_date_range
from devices.models import Device, DeviceType
from leases.admin.bookings import (
    Booking,
    Cell,
    Window,
    add_months,
    arrange_rows,
    find_bookings,
    is_booked_in,
    months_from,
)

DEVICES_PER_PAGE = 25
FIRST_YEAR, LAST_YEAR = 2000, 2100


class MonthField(forms.Field):
    """Take a month as `2026-12`; cleans to its first day, or to None for other text."""

    def to_python(self, value: Any) -> date | None:
        try:
            month = date.fromisoformat(f"{value}-01") if value else None
        except ValueError:
            month = None
        return month if month and FIRST_YEAR <= month.year <= LAST_YEAR else None


class CalendarForm(forms.Form):
    """Read the query string of the calendar; invalid values count as missing."""

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
        required=False, choices=[(1, "Month"), (3, "3 months")], coerce=int, initial=1, widget=forms.HiddenInput
    )
    device = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def valid_values(self) -> dict[str, Any]:
        """Return the values that are valid."""
        self.is_valid()
        return self.cleaned_data

    @property
    def has_filters(self) -> bool:
        return any(self.valid_values().get(name) for name in ("q", "type", "territory", "use"))


@dataclass(frozen=True)
class DeviceRows:
    device: Device
    rows: list[list[Cell]]
    bookings: list[Booking]


class CalendarAdmin(BaseAdmin):
    """Add the page `leases_calendar`: of all devices or, with `?device=<id>`, of one."""

    def get_urls(self) -> list[URLPattern]:
        view, permission = require_safe(self.calendar_view), self.has_view_permission
        page = guarded_view(self, "calendar/", view, name="leases_calendar", permission=permission)
        return [page, *super().get_urls()]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        """Render a page of devices with their leases and bookings in one month, or in three."""
        form = CalendarForm(request.GET, label_suffix="")
        filters = form.valid_values()
        months = filters.get("months") or 1
        window = months_from(filters.get("start") or timezone.localdate(), months)
        page = Paginator(_devices(request, filters, window), DEVICES_PER_PAGE).get_page(request.GET.get("p"))
        rows = _rows(page.object_list, window)
        device = rows[0].device if filters.get("device") and len(rows) == 1 else None
        context = {
            "title": f"Calendar of {device}" if device else "Calendar",
            "opts": self.opts,
            "form": form,
            "page": page,
            "window": window,
            "rows": rows,
            "device": device,
            "filter_fields": [form[name] for name in ("type", "territory", "use")],
            "months": _spans(window, lambda day: day.day == 1),
            "weeks": _spans(window, lambda day: day.weekday() == 0),
            "month_count": months,
            "period": format_date_range(window.first, window.last) if months > 1 else f"{window.first:%B %Y}",
            "links": _links(request, window, months),
        }
        return TemplateResponse(
            request, "admin/leases/lease/calendar.html", self.admin_site.each_context(request) | context
        )


def _devices(request: HttpRequest, filters: dict[str, Any], window: Window) -> QuerySet[Device]:
    rows = Device.objects.filter(visible_in_territories(staff_user(request), pincode_path="pincode"))
    if device := filters.get("device"):
        rows = rows.filter(pk=device)
    if kind := filters.get("type"):
        rows = rows.filter(device_type=kind)
    if territory := filters.get("territory"):
        rows = rows.filter(in_territories([territory.pk], pincode_path="pincode"))
    if words := filters.get("q", "").strip().removeprefix("#"):
        rows = rows.matching(words)
    if use := filters.get("use"):
        rows = rows.filter(is_booked_in(window) if use == "booked" else ~is_booked_in(window))
    return rows.select_related("device_type").order_by("name", "pk")


def _rows(devices: Iterable[Device], window: Window) -> list[DeviceRows]:
    loaded = list(devices)
    bookings = find_bookings([device.pk for device in loaded], window)
    return [DeviceRows(device, arrange_rows(bookings[device.pk], window), bookings[device.pk]) for device in loaded]


def _spans(window: Window, is_first: Callable[[date], bool]) -> list[dict[str, Any]]:
    """Group the days into months or weeks: return the first day of each, and its number of columns."""
    spans: list[dict[str, Any]] = []
    for day in window.marks:
        if not spans or is_first(day):
            spans.append({"day": day, "span": 0})
        spans[-1]["span"] += 1
    return spans


def _links(request: HttpRequest, window: Window, months: int) -> dict[str, str]:
    """Return the URLs of the buttons: the same devices on other days."""
    this_month = timezone.localdate().replace(day=1)
    other = 1 if months == 3 else 3
    return {
        "before": _url(request, start=f"{add_months(window.first, -months):%Y-%m}"),
        "after": _url(request, start=f"{add_months(window.first, months):%Y-%m}"),
        "today": _url(request, start=f"{this_month:%Y-%m}"),
        "other_length": _url(request, start=f"{window.first:%Y-%m}", months=str(other)),
        "same": _url(request, start=f"{window.first:%Y-%m}"),
        "all_devices": _url(request, device=""),
    }


def _url(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("p", None)
    for name, value in changes.items():
        query[name] = value
        if not value:
            del query[name]
    return f"{reverse('admin:leases_calendar')}?{query.urlencode()}"
