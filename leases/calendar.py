"""Who has a device on which days: leases, and the orders that hold it, laid out on a line of days."""

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core.admin.badges import humanize_status, status_color
from core.days import format_date_range, start_of
from leases.models import Lease
from leases.workflow import LeaseStatus
from orders.models import Kind, Order
from orders.workflow import BOOKED

DAY = timedelta(days=1)
SATURDAY = 5


class What(StrEnum):
    """Kinds of bars."""

    LEASE = "Lease"
    LEASE_ORDER = "LEASE order"
    RENT = "RENT"

    @property
    def page(self) -> str:
        """The name of the page that a bar leads to."""
        return "admin:leases_lease_change" if self is What.LEASE else "admin:orders_order_change"


@dataclass(frozen=True)
class Window:
    """The days shown, the first and the last included."""

    first: date
    last: date

    @cached_property
    def marks(self) -> dict[date, str]:
        """Its days, and what is to be seen of each: `today`, `weekend`, both, or nothing."""
        today = timezone.localdate()
        days = [self.first + DAY * number for number in range((self.last - self.first).days + 1)]
        return {day: " ".join(["today"] * (day == today) + ["weekend"] * (day.weekday() >= SATURDAY)) for day in days}

    def touches(self, first: date, last: date) -> bool:
        return first <= self.last and last >= self.first


@dataclass(frozen=True)
class Booking:
    """Somebody's having a device from one day to another, both included."""

    what: What
    row_id: UUID
    device_id: UUID
    who: str
    first: date
    last: date
    state: str
    is_overdue: bool = False

    @property
    def short_id(self) -> str:
        return str(self.row_id)[:8]

    @property
    def dates(self) -> str:
        return format_date_range(self.first, self.last)

    @property
    def state_said(self) -> str:
        return humanize_status(self.state) + (", past its end" if self.is_overdue else "")

    @property
    def tone(self) -> str:
        return "bad" if self.is_overdue else status_color(self.state)

    @property
    def page(self) -> str:
        return reverse(self.what.page, args=[self.row_id])

    @property
    def name(self) -> str:
        """The whole bar in a sentence: `RENT #abc12345, Asha, 3 to 7 Dec, Active`."""
        return f"{self.what} #{self.short_id}, {self.who}, {self.dates}, {self.state_said}"


@dataclass(frozen=True)
class Cell:
    """A place in a row of the calendar: a free day, or as much of a booking as the window shows."""

    mark: str = ""
    span: int = 1
    booking: Booking | None = None
    cut: str = ""
    """Where the booking goes on beyond the window: `start`, `end`, `both`, or nowhere."""


def months_from(month: date, count: int) -> Window:
    """So many whole months, from the one that `month` lies in."""
    first = month.replace(day=1)
    last = moved(first, count - 1)
    return Window(first, last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def moved(month: date, by: int) -> date:
    """The first day of the month so many months later, or earlier."""
    years, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(years, index + 1, 1)


def bookings_of(devices: Collection[UUID], window: Window) -> dict[UUID, list[Booking]]:
    """What is in the window of these devices, by device and first day, in two queries."""
    found: dict[UUID, list[Booking]] = defaultdict(list)
    for booking in sorted((*_leases(devices, window), *_orders(devices, window)), key=_by_day):
        found[booking.device_id].append(booking)
    return found


def is_booked_in(window: Window) -> Q:
    """The devices that a lease or an order holds on some day of the window."""
    leases = _leases_touching(window).filter(device=OuterRef("pk"))
    orders = _orders_touching(window).filter(device=OuterRef("pk"))
    return Q(Exists(leases) | Exists(orders))


def rows_of(bookings: Iterable[Booking], window: Window) -> list[list[Cell]]:
    """As few rows as keep bookings of the same days apart; one empty row where there are none."""
    rows: list[list[Booking]] = []
    for booking in bookings:
        row = next((row for row in rows if row[-1].last < booking.first), None)
        if row is None:
            rows.append([booking])
        else:
            row.append(booking)
    return [list(_cells(row, window)) for row in rows or [[]]]


def _by_day(booking: Booking) -> tuple[date, int, date, str]:
    return booking.first, list(What).index(booking.what), booking.last, str(booking.row_id)


def _leases(devices: Collection[UUID], window: Window) -> Iterator[Booking]:
    rows = _leases_touching(window).filter(device__in=devices).select_related("vle")
    for lease in rows.order_by("start_date", "pk"):
        last = _last_day(lease)
        if last >= lease.start_date and window.touches(lease.start_date, last):
            is_overdue = lease.is_active and lease.end_date < timezone.localdate()
            said = (lease.vle.name, lease.start_date, last, lease.status, is_overdue)
            yield Booking(What.LEASE, lease.pk, lease.device_id, *said)


def _last_day(lease: Lease) -> date:
    """The day on which the device came, or is to come, back; of a lease past its end that is any day now."""
    if lease.ended_at is not None:
        return timezone.localdate(lease.ended_at)
    return max(lease.end_date, timezone.localdate()) if lease.is_active else lease.end_date


def _leases_touching(window: Window) -> "Iterable[Lease]":
    """Also some that are left out when looked at closely."""
    came_back_after = Q(ended_at__gte=start_of(window.first)) | Q(ended_at=None, end_date__gte=window.first)
    if window.first <= timezone.localdate():
        came_back_after |= Q(status=LeaseStatus.ACTIVE)
    return Lease.objects.filter(came_back_after, start_date__lte=window.last)


def _orders(devices: Collection[UUID], window: Window) -> Iterator[Booking]:
    for order in _orders_touching(window).filter(device__in=devices).select_related("requester"):
        what = What.RENT if order.kind == Kind.RENT else What.LEASE_ORDER
        said = (order.requester.get_short_name(), order.start_date, order.end_date, order.status)
        yield Booking(what, order.pk, order.device_id, *said)


def _orders_touching(window: Window) -> "Iterable[Order]":
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
