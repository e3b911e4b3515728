"""Chart the orders of the last 30 days: by day and kind, by status, and the time to acceptance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format

from backoffice.home.charts import Bar, Column, ColumnChart, Part, round_up_scale, scale_to_longest
from backoffice.home.formatting import format_duration
from backoffice.home.links import ChangelistLinks, created_between
from backoffice.home.stats import DAYS, OrdersCreated, OrdersDecided, first_day
from core.statuses import Status
from events.choices import OrderKind
from events.models import OrderEvent
from orders.models import Order
from orders.workflow import OrderStatus
from service_orders.models import ServiceOrder
from service_orders.workflow import ServiceOrderStatus

WEEK = timedelta(days=7)
DAYS_BETWEEN_TICKS = 7


@dataclass(frozen=True)
class LegendEntry:
    """Represent one kind of orders in the legend."""

    kind: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class OrderCharts:
    """Hold the charts of the orders created, for the kinds that the user may see."""

    legend: list[LegendEntry]
    per_day: ColumnChart
    by_status: list[Bar]
    service_by_status: list[Bar]

    @property
    def total(self) -> int:
        return sum(entry.count for entry in self.legend)


def order_charts(rows: Sequence[OrdersCreated], links: ChangelistLinks, today: date) -> OrderCharts:
    """Chart the orders counted by `orders_created`."""
    kinds = [kind for kind in OrderKind if links.can_view(_model(kind))]
    totals = Counter[str]()
    for row in rows:
        totals[row.kind] += row.count
    last_30_days = created_between(first_day(today))
    return OrderCharts(
        legend=[LegendEntry(kind, kind.label, totals[kind], _url(links, kind, **last_30_days)) for kind in kinds],
        per_day=_per_day(rows, kinds, links, today),
        by_status=_by_status(OrderStatus, rows, links, today),
        service_by_status=_by_status(ServiceOrderStatus, rows, links, today),
    )


def _per_day(
    rows: Sequence[OrdersCreated], kinds: Sequence[OrderKind], links: ChangelistLinks, today: date
) -> ColumnChart:
    counts = Counter[tuple[date, str]]()
    for row in rows:
        counts[row.day, row.kind] += row.count
    columns = []
    for day in (first_day(today) + timedelta(days=number) for number in range(DAYS)):
        parts = [_day_part(kind, counts[day, kind], links, day) for kind in kinds]
        has_tick = (today - day).days % DAYS_BETWEEN_TICKS == 0
        columns.append(Column(_format_day(day), _format_day(day) if has_tick else "", parts))
    return ColumnChart(columns, round_up_scale(max(column.value for column in columns)))


def _day_part(kind: OrderKind, count: int, links: ChangelistLinks, day: date) -> Part:
    return Part(kind, kind.label, count, str(count), _url(links, kind, **created_between(day, day)))


def _by_status(
    statuses: Iterable[Status], rows: Sequence[OrdersCreated], links: ChangelistLinks, today: date
) -> list[Bar]:
    bars = [_status_bar(rows, status, links, today) for status in statuses]
    return scale_to_longest([bar for bar in bars if bar])


def _status_bar(rows: Sequence[OrdersCreated], status: Status, links: ChangelistLinks, today: date) -> Bar | None:
    """Return the bar of a status, divided by kind; None if no order has it."""
    counts = Counter[str]()
    for row in rows:
        if row.status == status:
            counts[row.kind] += row.count
    if not counts:
        return None
    parts = [Part(kind, kind.label, counts[kind], str(counts[kind])) for kind in OrderKind if counts[kind]]
    model = ServiceOrder if OrderKind.SERVICE in counts else Order
    url = links.url(model, status__exact=status.value, **created_between(first_day(today)))
    note = ", ".join(f"{part.label} {part.text}" for part in parts)
    return Bar(str(status.label), url, str(counts.total()), parts, note=note, tone=status.tone)


@dataclass(frozen=True)
class Acceptance:
    """Hold the time to acceptance of one kind of orders, in total and by week."""

    kind: str
    label: str
    count: int
    median: str
    p90: str
    url: str
    weeks: list[Bar]


def acceptances(rows: Sequence[OrdersDecided], links: ChangelistLinks, today: date) -> list[Acceptance]:
    """Return one entry for each kind of orders that was accepted in the last 30 days."""
    return [_acceptance(row, rows, links, today) for row in rows if row.week is None]


def _acceptance(total: OrdersDecided, rows: Sequence[OrdersDecided], links: ChangelistLinks, today: date) -> Acceptance:
    weeks = [_week_bar(row, links, today) for row in rows if row.kind == total.kind and row.week]
    return Acceptance(
        kind=total.kind,
        label=OrderKind(total.kind).label,
        count=total.count,
        median=format_duration(total.median),
        p90=format_duration(total.p90),
        url=_accepted_url(links, total.kind, **created_between(first_day(today))),
        weeks=scale_to_longest(weeks),
    )


def _week_bar(row: OrdersDecided, links: ChangelistLinks, today: date) -> Bar:
    """Return a bar as long as the 90th percentile, whose first part is as long as the median."""
    monday = row.week or today
    first, last = max(monday, first_day(today)), min(monday + WEEK - timedelta(days=1), today)
    median, p90 = (duration.total_seconds() if duration else 0 for duration in (row.median, row.p90))
    parts = [
        Part(row.kind, "half of them within", median, format_duration(row.median)),
        Part("rest", "nine of ten within", p90 - median, format_duration(row.p90)),
    ]
    url = _accepted_url(links, row.kind, **created_between(first, last))
    label, note = f"{_format_day(first)} to {_format_day(last)}", f"{row.count} accepted"
    return Bar(label, url, format_duration(row.median), parts, note=note)


def _accepted_url(links: ChangelistLinks, kind: str, **filters: Any) -> str:
    return links.url(OrderEvent, order_kind__exact=kind, status__exact=OrderStatus.ACCEPTED.value, **filters)


def _url(links: ChangelistLinks, kind: OrderKind, **filters: Any) -> str:
    of_kind = {} if kind == OrderKind.SERVICE else {"kind__exact": kind.value}
    return links.url(_model(kind), **of_kind, **filters)


def _model(kind: OrderKind) -> type[Order] | type[ServiceOrder]:
    return ServiceOrder if kind == OrderKind.SERVICE else Order


def _format_day(day: date) -> str:
    return date_format(day, "j M")
