"""The orders of the last 30 days as pictures: by day and kind, by state, and the time to acceptance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.formats import date_format

from backoffice.home.charts import Bar, Column, Columns, Part, beside_one_another, round_above
from backoffice.home.figures import DAYS, Decided, Placed, first_day
from backoffice.home.lists import Lists, made_on
from backoffice.home.words import KINDS, in_words
from core.admin.badges import humanize_status
from events.models import OrderEvent
from orders.models import Order
from orders.workflow import OrderStatus
from service_orders.models import ServiceOrder
from service_orders.workflow import ServiceOrderStatus

WEEK = timedelta(days=7)
DAYS_BETWEEN_TICKS = 7


@dataclass(frozen=True)
class Legend:
    kind: str
    label: str
    n: int
    url: str


@dataclass(frozen=True)
class OrderPictures:
    """What is shown of the orders placed; of kinds that this person may see."""

    legend: list[Legend]
    per_day: Columns
    by_state: list[Bar]
    service_by_state: list[Bar]

    @property
    def total(self) -> int:
        return sum(entry.n for entry in self.legend)


def order_pictures(rows: Sequence[Placed], lists: Lists, today: date) -> OrderPictures:
    """The last 30 days, from what was counted."""
    kinds = [kind for kind in KINDS if lists.may_see(_model(kind))]
    placed_in = partial(_url, lists, **made_on(first_day(today)))
    totals = Counter[str]()
    for row in rows:
        totals[row.kind] += row.n
    return OrderPictures(
        legend=[Legend(kind, KINDS[kind], totals[kind], placed_in(kind)) for kind in kinds],
        per_day=_per_day(rows, kinds, lists, today),
        by_state=_by_state(OrderStatus, rows, lists, today),
        service_by_state=_by_state(ServiceOrderStatus, rows, lists, today),
    )


def _per_day(rows: Sequence[Placed], kinds: Sequence[str], lists: Lists, today: date) -> Columns:
    on = Counter[tuple[date, str]]()
    for row in rows:
        on[row.day, row.kind] += row.n
    days = [first_day(today) + timedelta(days=number) for number in range(DAYS)]
    columns = []
    for day in days:
        parts = [
            Part(kind, KINDS[kind], on[day, kind], str(on[day, kind]), _url(lists, kind, **made_on(day, day)))
            for kind in kinds
        ]
        has_tick = (today - day).days % DAYS_BETWEEN_TICKS == 0
        columns.append(Column(_day(day), _day(day) if has_tick else "", parts))
    return Columns(columns, round_above(max(column.value for column in columns)))


def _by_state(states: Iterable[str], rows: Sequence[Placed], lists: Lists, today: date) -> list[Bar]:
    bars = [_state_bar(rows, state, lists, today) for state in states]
    return beside_one_another([bar for bar in bars if bar])


def _state_bar(rows: Sequence[Placed], state: str, lists: Lists, today: date) -> Bar | None:
    by_kind = Counter[str]()
    for row in rows:
        if row.state == state:
            by_kind[row.kind] += row.n
    if not by_kind:
        return None
    model = ServiceOrder if "SERVICE" in by_kind else Order
    parts = [Part(kind, KINDS[kind], by_kind[kind], str(by_kind[kind])) for kind in KINDS if by_kind[kind]]
    url = lists.url(model, status__exact=state, **made_on(first_day(today)))
    said = ", ".join(f"{part.label} {part.shown}" for part in parts)
    return Bar(humanize_status(state), url, str(sum(by_kind.values())), parts, note=said, state=state)


@dataclass(frozen=True)
class Acceptance:
    """How long orders of one kind waited to be accepted."""

    kind: str
    label: str
    n: int
    median: str
    slow: str
    url: str
    weeks: list[Bar]


def acceptances(rows: Sequence[Decided], lists: Lists, today: date) -> list[Acceptance]:
    """One for each kind that was accepted in the last 30 days."""
    return [_acceptance(row, rows, lists, today) for row in rows if row.week is None]


def _acceptance(whole: Decided, rows: Sequence[Decided], lists: Lists, today: date) -> Acceptance:
    weeks = [_week(row, lists, today) for row in rows if row.kind == whole.kind and row.week]
    return Acceptance(
        kind=whole.kind,
        label=KINDS[whole.kind],
        n=whole.n,
        median=in_words(whole.median),
        slow=in_words(whole.slow),
        url=_accepted(lists, whole.kind, **made_on(first_day(today))),
        weeks=beside_one_another(weeks),
    )


def _week(row: Decided, lists: Lists, today: date) -> Bar:
    """A bar as long as nine of ten waited at most, of which half waited no longer than its first part."""
    monday = row.week or today
    first, last = max(monday, first_day(today)), min(monday + WEEK - timedelta(days=1), today)
    median, slow = (time.total_seconds() if time else 0 for time in (row.median, row.slow))
    parts = [
        Part(row.kind, "half of them within", median, in_words(row.median)),
        Part("rest", "nine of ten within", slow - median, in_words(row.slow)),
    ]
    url = _accepted(lists, row.kind, **made_on(first, last))
    return Bar(f"{_day(first)} to {_day(last)}", url, in_words(row.median), parts, note=f"{row.n} accepted")


def _accepted(lists: Lists, kind: str, **filters: Any) -> str:
    return lists.url(OrderEvent, order_kind__exact=kind, status__exact=OrderStatus.ACCEPTED.value, **filters)


def _url(lists: Lists, kind: str, **filters: Any) -> str:
    of_kind = {} if kind == "SERVICE" else {"kind__exact": kind}
    return lists.url(_model(kind), **of_kind, **filters)


def _model(kind: str) -> type[Order] | type[ServiceOrder]:
    return ServiceOrder if kind == "SERVICE" else Order


def _day(day: date) -> str:
    return date_format(day, "j M")
