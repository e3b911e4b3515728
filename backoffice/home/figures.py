"""What the last 30 days were like, counted by the database: orders, the time to a decision, the use of devices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Greatest, Least, TruncDate
from django.utils.timezone import get_current_timezone_name

from accounts.territories import territory_id_for
from core.days import start_of
from devices.models import Device
from devices.workflow import DeviceStatus
from events.models import OrderEvent
from orders.workflow import BOOKED, OrderStatus

DAYS = 30


@dataclass(frozen=True)
class Placed:
    """How many orders of a kind were placed on a day and are in a state now."""

    kind: str
    state: str
    day: date
    n: int


@dataclass(frozen=True)
class Decided:
    """How long the orders of a kind waited to be accepted: half of them at most `median`, nine of ten `slow`.

    Of the week that began on Monday `week`; of all days where that is None.
    """

    kind: str
    week: date | None
    n: int
    median: timedelta | None
    slow: timedelta | None


@dataclass(frozen=True)
class Use:
    """Days on which devices of a type in a territory were taken, of the days on which they could have been."""

    type: str
    type_name: str
    territory: str
    territory_name: str
    devices: int
    taken: int
    days: int


def first_day(today: date) -> date:
    return today - timedelta(days=DAYS - 1)


def placed(orders: Iterable[QuerySet], today: date) -> list[Placed]:
    """The orders placed in the last 30 days; of `orders`, a queryset without the column `kind` is of service orders."""
    since = start_of(first_day(today))
    parts = [_placed(rows.filter(created_at__gte=since)) for rows in orders]
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return [Placed(row["kind_of_order"], row["state"], row["day"], row["n"]) for row in found]


def _placed(rows: QuerySet) -> QuerySet:
    has_kinds = any(field.name == "kind" for field in rows.model._meta.fields)
    kind = F("kind") if has_kinds else Value("SERVICE", output_field=CharField())
    return rows.values(
        kind_of_order=Cast(kind, CharField()), state=Cast("status", CharField()), day=TruncDate("created_at")
    ).annotate(n=Count("pk"))


DECISIONS = """
SELECT order_kind, week, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
FROM (SELECT order_kind, took, date_trunc('week', day::timestamp)::date AS week FROM ({accepted}) AS accepted) AS timed
GROUP BY GROUPING SETS ((order_kind), (order_kind, week)) ORDER BY order_kind, week
"""


def decided(events: QuerySet, today: date) -> list[Decided]:
    """From INTEREST_RAISED to ACCEPTED, as the history has it, of the orders accepted in the last 30 days."""
    raised = OrderEvent.objects.filter(order_id=OuterRef("order_id"), status=OrderStatus.INTEREST_RAISED)
    accepted = events.filter(
        status=OrderStatus.ACCEPTED, order_kind__in=["LEASE", "RENT"], created_at__gte=start_of(first_day(today))
    ).annotate(
        took=F("created_at") - Subquery(raised.order_by("created_at").values("created_at")[:1]),
        day=TruncDate("created_at"),
    )
    return [Decided(*row) for row in _over(DECISIONS, accepted=accepted.values("order_kind", "took", "day"))]


USE = """
WITH machine AS ({live}),
taken AS (
    SELECT device_id, range_agg(daterange(first, last, '[]')) AS days FROM (
        SELECT device_id, start_date AS first, end_date AS last FROM orders_order
        WHERE status = ANY(%(booked)s) AND start_date <= %(today)s AND end_date >= %(first)s
        UNION ALL
        SELECT device_id, start_date, CASE
            WHEN status = 'ACTIVE' THEN greatest(end_date, %(today)s)
            ELSE least(end_date, (ended_at AT TIME ZONE %(zone)s)::date) END
        FROM leases_lease WHERE start_date <= %(today)s
    ) AS stay WHERE last >= first AND last >= %(first)s GROUP BY device_id
)
SELECT type, type_name, coalesce(territory, ''), coalesce(accounts_territory.name, ''), count(*),
       coalesce(sum((SELECT sum(upper(r) - lower(r)) FROM unnest(
           taken.days * datemultirange(daterange(since, %(today)s, '[]'))) AS r)), 0)::bigint,
       sum(%(today)s - since + 1)
FROM machine LEFT JOIN taken ON taken.device_id = machine.id
     LEFT JOIN accounts_territory ON accounts_territory.id = machine.territory
GROUP BY type, type_name, territory, accounts_territory.name
"""


def use_of_devices(devices: QuerySet[Device], today: date) -> list[Use]:
    """How much of the last 30 days the devices were taken, by type and territory.

    A device counts from the day it was entered, as long as it is LIVE now: the past of its status is not recorded.
    It is taken on a day that lies in a lease (one that ended early: until then; one past its end: until today),
    or in an order that books it (ACCEPTED to COMPLETED). A day taken twice counts once.
    """
    live = devices.filter(status=DeviceStatus.LIVE).values(
        "id",
        type=F("device_type_id"),
        type_name=F("device_type__display_name"),
        territory=territory_id_for("pincode"),
        since=Least(Greatest(TruncDate("created_at"), Value(first_day(today))), Value(today)),
    )
    named = {"booked": list(BOOKED), "today": today, "first": first_day(today), "zone": get_current_timezone_name()}
    return [Use(*row) for row in _over(USE, named, live=live)]


def _over(sql: str, named: dict[str, Any] | None = None, **querysets: QuerySet) -> list[tuple]:
    """The rows of `sql`, in which `{name}` stands for the rows of a queryset and `%(name)s` for a value."""
    values, inner = dict(named or {}), {}
    for name, queryset in querysets.items():
        text, parameters = queryset.query.sql_with_params()
        places = {f"{name}_{number}": value for number, value in enumerate(parameters)}
        inner[name] = text.replace("%%", "%%%%") % tuple(f"%({place})s" for place in places)
        values |= places
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**inner), values)
        return cursor.fetchall()
