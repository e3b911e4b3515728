"""Compute the figures of the last 30 days in the database: orders, time to acceptance, utilisation of devices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Greatest, Least, TruncDate
from django.utils.timezone import get_current_timezone_name

from accounts.territories import territory_id_for
from core.days import start_of
from devices.models import Device
from devices.workflow import DeviceStatus
from events.choices import OrderKind
from events.models import OrderEvent
from leases.workflow import LeaseStatus
from orders.workflow import BOOKED, OrderStatus
from service_orders.models import ServiceOrder

DAYS = 30


@dataclass(frozen=True)
class OrdersCreated:
    """Count the orders of a kind that were created on a day and have a status now."""

    kind: str
    status: str
    day: date
    count: int


@dataclass(frozen=True)
class OrdersDecided:
    """Measure the time to acceptance of a kind of orders: the median and the 90th percentile.

    `week` is the Monday of the week of the acceptance; None stands for all days.
    """

    kind: str
    week: date | None
    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class Utilisation:
    """Count the days on which the devices of a type in a territory were booked, of the days they were available."""

    type: str
    type_name: str
    territory: str
    territory_name: str
    devices: int
    booked: int
    days: int


def first_day(today: date) -> date:
    """Return the first of the last 30 days."""
    return today - timedelta(days=DAYS - 1)


# Day by day: with one GROUP BY on the truncated timestamp PostgreSQL sorts all rows of the month on disk.
CREATED = """
SELECT kind, status, day, count FROM (
    SELECT day::date, day AT TIME ZONE %(zone)s AS since, (day + interval '1 day') AT TIME ZONE %(zone)s AS until
    FROM generate_series(%(first)s::timestamp, %(today)s::timestamp, interval '1 day') AS day
) AS days, LATERAL (
    SELECT kind, status, count(*) FROM ({rows}) AS created
    WHERE created_at >= since AND created_at < until GROUP BY kind, status
) AS counted
"""


def orders_created(querysets: Iterable[QuerySet], today: date) -> list[OrdersCreated]:
    """Count the orders and service orders of `querysets` that were created in the last 30 days."""
    rows = {f"rows{number}": _with_kind(queryset) for number, queryset in enumerate(querysets)}
    if not rows:
        return []
    sql = " UNION ALL ".join(CREATED.replace("{rows}", f"{{{name}}}") for name in rows)
    values = {"first": first_day(today), "today": today, "zone": get_current_timezone_name()}
    return [OrdersCreated(*row) for row in _fetch(sql, values, **rows)]


def _with_kind(queryset: QuerySet) -> QuerySet:
    if queryset.model is ServiceOrder:
        queryset = queryset.annotate(kind=Value(OrderKind.SERVICE.value, output_field=CharField()))
    return queryset.values("kind", "status", "created_at")


DECIDED = """
SELECT accepted.order_kind, date_trunc('week', accepted.day::timestamp)::date AS week, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY accepted.created_at - created.created_at),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted.created_at - created.created_at)
FROM ({accepted}) AS accepted
LEFT JOIN events_orderevent AS created ON created.order_id = accepted.order_id AND created.status = %(initial)s
GROUP BY GROUPING SETS ((accepted.order_kind), (accepted.order_kind, week)) ORDER BY accepted.order_kind, week
"""


def orders_decided(events: QuerySet[OrderEvent], today: date) -> list[OrdersDecided]:
    """Measure the time from INTEREST_RAISED to ACCEPTED in the history, of orders accepted in the last 30 days."""
    accepted = events.filter(
        status=OrderStatus.ACCEPTED,
        order_kind__in=[OrderKind.LEASE, OrderKind.RENT],
        created_at__gte=start_of(first_day(today)),
    ).values("order_kind", "order_id", "created_at", day=TruncDate("created_at"))
    values = {"initial": OrderStatus.INTEREST_RAISED.value}
    return [OrdersDecided(*row) for row in _fetch(DECIDED, values, accepted=accepted)]


UTILISATION = """
WITH device AS ({live}),
booked AS (
    SELECT device_id, range_agg(daterange(first, last, '[]')) AS days FROM (
        SELECT device_id, start_date AS first, end_date AS last FROM orders_order
        WHERE status = ANY(%(booked)s) AND start_date <= %(today)s AND end_date >= %(first)s
        UNION ALL
        SELECT device_id, start_date, CASE
            WHEN status = %(active)s THEN greatest(end_date, %(today)s)
            ELSE least(end_date, (ended_at AT TIME ZONE %(zone)s)::date) END
        FROM leases_lease WHERE start_date <= %(today)s
    ) AS period WHERE last >= first AND last >= %(first)s GROUP BY device_id
)
SELECT type, type_name, coalesce(territory, ''), coalesce(accounts_territory.name, ''), count(*),
       coalesce(sum((SELECT sum(upper(r) - lower(r)) FROM unnest(
           booked.days * datemultirange(daterange(since, %(today)s, '[]'))) AS r)), 0)::bigint,
       sum(%(today)s - since + 1)
FROM device LEFT JOIN booked ON booked.device_id = device.id
     LEFT JOIN accounts_territory ON accounts_territory.id = device.territory
GROUP BY type, type_name, territory, accounts_territory.name
"""


def device_utilisation(devices: QuerySet[Device], today: date) -> list[Utilisation]:
    """Measure how many of the last 30 days the devices were booked, by type and territory.

    A device counts from the day it was entered if it is LIVE now. A day is booked if it lies in an order that books
    the device (ACCEPTED to COMPLETED) or in a lease: up to the day it ended early, up to today if it is overdue.
    A day that is booked twice counts once.
    """
    live = devices.filter(status=DeviceStatus.LIVE).values(
        "id",
        type=F("device_type_id"),
        type_name=F("device_type__display_name"),
        territory=territory_id_for("pincode"),
        since=Least(Greatest(TruncDate("created_at"), Value(first_day(today))), Value(today)),
    )
    values = {"today": today, "first": first_day(today), "zone": get_current_timezone_name()}
    values |= {"booked": list(BOOKED), "active": LeaseStatus.ACTIVE.value}
    return [Utilisation(*row) for row in _fetch(UTILISATION, values, live=live)]


def _fetch(sql: str, values: dict[str, Any], **querysets: QuerySet) -> list[tuple]:
    """Return the rows of `sql`, in which `{name}` is replaced by a queryset and `%(name)s` by a value."""
    subqueries = {}
    for name, queryset in querysets.items():
        # Without elide_empty=False Django refuses to compile a queryset that is known to be empty.
        text, parameters = queryset.query.get_compiler(connection=connection, elide_empty=False).as_sql()
        named = {f"{name}_{number}": value for number, value in enumerate(parameters)}
        subqueries[name] = text.replace("%%", "%%%%") % tuple(f"%({parameter})s" for parameter in named)
        values = values | named
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**subqueries), values)
        return cursor.fetchall()
