"""Find the leases and orders that book devices, and arrange them as bars on a row of days."""

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.admin.badges import humanize_status, status_color
from core.admin.links import change_url_by_id
from core.days import format_date_range, start_of
from leases.models import Lease
from leases.workflow import LeaseStatus
from orders.choices import Kind
from orders.models import Order
from orders.workflow import BOOKED

DAY = timedelta(days=1)
SATURDAY = 5


class BookingKind(StrEnum):
    """List the kinds of bookings."""

    LEASE = "Lease"
    LEASE_ORDER = "LEASE order"
    RENT = "RENT"

    @property
    def model(self) -> type[Lease] | type[Order]:
        """Return the model that stores such bookings."""
        return Lease if self is BookingKind.LEASE else Order


@dataclass(frozen=True)
class Window:
    """Represent the days shown, the first and the last included."""

    first: date
    last: date

    @cached_property
    def marks(self) -> dict[date, str]:
        """Return the days with their CSS classes: `today`, `weekend`, both, or none."""
        today = timezone.localdate()
        days = [self.first + DAY * number for number in range((self.last - self.first).days + 1)]
        return {day: " ".join(["today"] * (day == today) + ["weekend"] * (day.weekday() >= SATURDAY)) for day in days}

    def touches(self, first: date, last: date) -> bool:
        return first <= self.last and last >= self.first


@dataclass(frozen=True)
class Booking:
    """Represent a lease or order that holds a device from one day to another, both included."""

    kind: BookingKind
    row_id: UUID
    device_id: UUID
    holder: str
    first: date
    last: date
    status: str
    is_overdue: bool = False

    @property
    def short_id(self) -> str:
        return str(self.row_id)[:8]

    @property
    def dates(self) -> str:
        return format_date_range(self.first, self.last)

    @property
    def status_label(self) -> str:
        return humanize_status(self.status) + (", past its end" if self.is_overdue else "")

    @property
    def tone(self) -> str:
        return "bad" if self.is_overdue else status_color(self.status)

    @property
    def url(self) -> str:
        return change_url_by_id(self.kind.model, self.row_id)

    @property
    def name(self) -> str:
        """Describe the booking for screen readers: `RENT #abc12345, Asha, 3 to 7 Dec, Active`."""
        return f"{self.kind} #{self.short_id}, {self.holder}, {self.dates}, {self.status_label}"


@dataclass(frozen=True)
class Cell:
    """Represent a cell in a row of the calendar: a free day, or the part of a booking that the window shows."""

    mark: str = ""
    span: int = 1
    booking: Booking | None = None
    cut: str = ""
    """The ends at which the window cuts the booking off: `start`, `end`, `both`, or none."""


def months_from(month: date, count: int) -> Window:
    """Return the window of `count` whole months, starting with the one of the day `month`."""
    first = month.replace(day=1)
    last = add_months(first, count - 1)
    return Window(first, last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def add_months(month: date, count: int) -> date:
    """Return the first day of the month `count` months later, or earlier if negative."""
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)


def find_bookings(devices: Collection[UUID], window: Window) -> dict[UUID, list[Booking]]:
    """Return the bookings of these devices in the window, by device and first day, in two queries."""
    found: dict[UUID, list[Booking]] = defaultdict(list)
    for booking in sorted((*_leases(devices, window), *_orders(devices, window)), key=_by_day):
        found[booking.device_id].append(booking)
    return found


def is_booked_in(window: Window) -> Q:
    """Match devices that a lease or an order holds on some day of the window."""
    leases = _leases_touching(window).filter(device=OuterRef("pk"))
    orders = _orders_touching(window).filter(device=OuterRef("pk"))
    return Q(Exists(leases) | Exists(orders))


def arrange_rows(bookings: Iterable[Booking], window: Window) -> list[list[Cell]]:
    """Arrange bookings in as few rows as possible without overlaps; without bookings, in one empty row."""
    rows: list[list[Booking]] = []
    for booking in bookings:
        row = next((row for row in rows if row[-1].last < booking.first), None)
        if row is None:
            rows.append([booking])
        else:
            row.append(booking)
    return [list(_cells(row, window)) for row in rows or [[]]]


def _by_day(booking: Booking) -> tuple[date, int, date, str]:
    return booking.first, list(BookingKind).index(booking.kind), booking.last, str(booking.row_id)


def _leases(devices: Collection[UUID], window: Window) -> Iterator[Booking]:
    rows = _leases_touching(window).filter(device__in=devices).select_related("vle")
    for lease in rows.order_by("start_date", "pk"):
        last = _last_day(lease)
        if last >= lease.start_date and window.touches(lease.start_date, last):
            is_overdue = lease.is_active and lease.end_date < timezone.localdate()
            details = (lease.vle.name, lease.start_date, last, lease.status, is_overdue)
            yield Booking(BookingKind.LEASE, lease.pk, lease.device_id, *details)


def _last_day(lease: Lease) -> date:
    """Return the day on which the device was or will be returned; today for an active lease past its end."""
    if lease.ended_at is not None:
        return timezone.localdate(lease.ended_at)
    return max(lease.end_date, timezone.localdate()) if lease.is_active else lease.end_date


def _leases_touching(window: Window) -> QuerySet[Lease]:
    # A superset: `_last_day` decides.
    ends_in_time = Q(ended_at__gte=start_of(window.first)) | Q(ended_at=None, end_date__gte=window.first)
    if window.first <= timezone.localdate():
        ends_in_time |= Q(status=LeaseStatus.ACTIVE)
    return Lease.objects.filter(ends_in_time, start_date__lte=window.last)


def _orders(devices: Collection[UUID], window: Window) -> Iterator[Booking]:
    for order in _orders_touching(window).filter(device__in=devices).select_related("requester"):
        kind = BookingKind.RENT if order.kind == Kind.RENT else BookingKind.LEASE_ORDER
        details = (order.requester.get_short_name(), order.start_date, order.end_date, order.status)
        yield Booking(kind, order.pk, order.device_id, *details)


def _orders_touching(window: Window) -> QuerySet[Order]:
    return Order.objects.filter(status__in=BOOKED, start_date__lte=window.last, end_date__gte=window.first)


def _cells(row: list[Booking], window: Window) -> Iterator[Cell]:
    bars = iter(row)
    bar = next(bars, None)
    for day, mark in window.marks.items():
        if bar is not None and bar.last < day:
            bar = next(bars, None)
        if bar is None or day < bar.first:
            yield Cell(mark)
        elif day == max(bar.first, window.first):
            yield Cell(mark, (min(bar.last, window.last) - day).days + 1, bar, _cut(bar, window))


def _cut(booking: Booking, window: Window) -> str:
    before, after = booking.first < window.first, booking.last > window.last
    return "both" if before and after else "start" if before else "end" if after else ""
