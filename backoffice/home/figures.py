"""What the last 30 days were like, counted by the database: orders, the time to a decision, the use of devices."""

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


# Day by day: grouped in one sweep by the day of a moment, PostgreSQL sorts all rows of the month on disk.
PLACED = """
SELECT kind, state, day, n FROM (
    SELECT day::date, day AT TIME ZONE %(zone)s AS since, (day + interval '1 day') AT TIME ZONE %(zone)s AS until
    FROM generate_series(%(first)s::timestamp, %(today)s::timestamp, interval '1 day') AS day
) AS days, LATERAL (
    SELECT kind, state, count(*) AS n FROM ({rows}) AS placed
    WHERE created_at >= since AND created_at < until GROUP BY kind, state
) AS counted
"""


def placed(orders: Iterable[QuerySet], today: date) -> list[Placed]:
    """The orders placed in the last 30 days; of `orders`, a queryset without the column `kind` is of service orders."""
    querysets = {f"rows{number}": _placed(rows) for number, rows in enumerate(orders)}
    if not querysets:
        return []
    sql = " UNION ALL ".join(PLACED.replace("{rows}", f"{{{name}}}") for name in querysets)
    named = {"first": first_day(today), "today": today, "zone": get_current_timezone_name()}
    return [Placed(*row) for row in _over(sql, named, **querysets)]


def _placed(rows: QuerySet) -> QuerySet:
    if any(field.name == "kind" for field in rows.model._meta.fields):
        return rows.values("kind", "created_at", state=F("status"))
    return rows.values("created_at", kind=Value("SERVICE", output_field=CharField()), state=F("status"))


DECISIONS = """
SELECT accepted.order_kind, date_trunc('week', accepted.day::timestamp)::date AS week, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY accepted.created_at - raised.created_at),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY accepted.created_at - raised.created_at)
FROM ({accepted}) AS accepted
LEFT JOIN events_orderevent AS raised ON raised.order_id = accepted.order_id AND raised.status = 'INTEREST_RAISED'
GROUP BY GROUPING SETS ((accepted.order_kind), (accepted.order_kind, week)) ORDER BY accepted.order_kind, week
"""


def decided(events: QuerySet[OrderEvent], today: date) -> list[Decided]:
    """From INTEREST_RAISED to ACCEPTED, as the history has it, of the orders accepted in the last 30 days."""
    accepted = events.filter(
        status=OrderStatus.ACCEPTED, order_kind__in=["LEASE", "RENT"], created_at__gte=start_of(first_day(today))
    ).values("order_kind", "order_id", "created_at", day=TruncDate("created_at"))
    return [Decided(*row) for row in _over(DECISIONS, accepted=accepted)]


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

    A device counts from the day it was entered, as long as it is LIVE now.
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
        # Of territory managers without a territory there are no rows, which Django would not ask for at all.
        text, parameters = queryset.query.get_compiler(connection=connection, elide_empty=False).as_sql()
        places = {f"{name}_{number}": value for number, value in enumerate(parameters)}
        inner[name] = text.replace("%%", "%%%%") % tuple(f"%({place})s" for place in places)
        values |= places
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**inner), values)
        return cursor.fetchall()
