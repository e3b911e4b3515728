"""Query what the board shows: a bounded number of cards, and exact counts of all orders.

Cards and counts name the feed position up to which they include changes. The browser applies a change from the feed
only if its number is higher, so it never counts or moves an order twice.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import JSONObject, RowNumber
from django.utils import timezone

from accounts.models import Territory
from accounts.territories import in_territories
from backoffice.board.cards import change_line, order_card, service_card
from backoffice.board.phases import ENDED, OPEN_ORDERS, OPEN_SERVICES
from backoffice.board.scope import Scope
from core.days import start_of
from devices.models import Device
from events.choices import OrderKind
from events.models import FeedPosition, OrderEvent
from orders.models import Order
from service_orders.models import ServiceOrder
from service_orders.queries import urgency

CARDS_PER_COLUMN = 50  # of equipment orders, and of service orders
MAX_CHANGES = 40
MAX_CHANGES_PER_ORDER = 3
CHANGES_WITHIN = timedelta(hours=24)

Counts = dict[str, dict[str, int]]
Positions = dict[str, int]


def count_orders(scope: Scope) -> tuple[Counts, Positions]:
    """Return the number of orders by kind and status, and the feed position of each territory.

    One statement reads both from one snapshot: the counts include exactly the changes up to those positions.
    """
    positions = FeedPosition.objects.filter(territory__in=scope.territories)
    queries = [_counted(rows, F("kind")) for rows in (_open_orders(scope), _ended_orders(scope))]
    service_kind = Value(OrderKind.SERVICE.value)
    queries += [_counted(rows, service_kind) for rows in (_open_services(scope), _ended_services(scope))]
    numbers = positions.annotate(group=Value("", CharField()), name=F("territory_id"), number=F("seq"))
    counts: Counts = {}
    for group, name, number in numbers.values_list("group", "name", "number").union(*queries, all=True):
        counts.setdefault(group, {})[name] = number
    return counts, dict.fromkeys(scope.territories, 0) | counts.pop("", {})


def cards(scope: Scope) -> list[dict[str, Any]]:
    """Return the first cards of each column: the most urgent orders, then those with the newest change."""
    newest_first = Window(RowNumber(), partition_by="status", order_by=["-updated_at", "-pk"])
    urgent_first = Window(RowNumber(), partition_by="status", order_by=[urgency(), "-updated_at", "-pk"])
    orders = _first(_open_orders(scope), newest_first), _newest(_ended_orders(scope))
    services = _first(_open_services(scope), urgent_first), _newest(_ended_services(scope))
    return _order_cards(orders) + _service_cards(services)


def cards_by_id(ids: Collection[UUID], scope: Scope) -> list[dict[str, Any]]:
    """Return the cards of these orders, in any status."""
    orders = _orders(scope).filter(pk__in=ids).values("pk")
    services = _services(scope).filter(pk__in=ids).values("pk")
    return _order_cards([orders]) + _service_cards([services])


def recent_changes(scope: Scope) -> list[dict[str, Any]]:
    """Return the changes of the last 24 hours in the territories, newest first, at most MAX_CHANGES."""
    return _changes(_events(scope).filter(created_at__gte=timezone.now() - CHANGES_WITHIN), MAX_CHANGES)


def changes_by_order(ids: Collection[UUID], scope: Scope) -> list[dict[str, Any]]:
    """Return the changes of these orders, newest first, at most MAX_CHANGES and a few for each order."""
    return _changes(_events(scope).filter(order_id__in=ids), MAX_CHANGES + MAX_CHANGES_PER_ORDER * len(ids))


def count_outside_territories() -> int:
    """Return the number of open orders that are in no feed, because their devices are in no territory."""
    territories = Territory.objects.values_list("pk", flat=True)
    outside = Device.objects.exclude(in_territories(list(territories), pincode_path="pincode"))
    return Order.objects.filter(status__in=OPEN_ORDERS, device__in=outside).count()


def _events(scope: Scope) -> QuerySet[OrderEvent]:
    return OrderEvent.objects.filter(territory__in=scope.territories, order_kind__in=scope.kinds)


def _changes(events: QuerySet[OrderEvent], limit: int) -> list[dict[str, Any]]:
    return [change_line(event) for event in events.select_related("changed_by").order_by("-created_at", "-id")[:limit]]


def _orders(scope: Scope) -> QuerySet[Order]:
    devices = Device.objects.filter(in_territories(scope.territories, pincode_path="pincode"))
    return Order.objects.filter(kind__in=scope.equipment_kinds, device__in=devices).order_by()


def _services(scope: Scope) -> QuerySet[ServiceOrder]:
    rows = ServiceOrder.objects.filter(territory__in=scope.territories).order_by()
    return rows if scope.has_services else rows.none()


def _open_orders(scope: Scope) -> QuerySet[Order]:
    return _orders(scope).filter(status__in=OPEN_ORDERS)


def _ended_orders(scope: Scope) -> QuerySet[Order]:
    return _orders(scope).filter(status__in=ENDED.orders, pk__in=_ended_today(ENDED.orders))


def _open_services(scope: Scope) -> QuerySet[ServiceOrder]:
    return _services(scope).filter(status__in=OPEN_SERVICES)


def _ended_services(scope: Scope) -> QuerySet[ServiceOrder]:
    return _services(scope).filter(status__in=ENDED.services, pk__in=_ended_today(ENDED.services))


def _ended_today(statuses: Collection[str]) -> QuerySet[OrderEvent, UUID]:
    """Return the ids of orders that ended today, from the day's events: fast with any number of older orders."""
    today = OrderEvent.objects.filter(created_at__gte=start_of(timezone.localdate()), status__in=statuses)
    return today.order_by().values_list("order_id", flat=True)


def _counted(rows: QuerySet, kind: F | Value) -> QuerySet:
    rows = rows.annotate(group=Case(default=kind, output_field=CharField()), name=F("status"))
    return rows.values("group", "name").annotate(number=Count("pk")).values_list("group", "name", "number")


def _first(rows: QuerySet, rank: Window) -> QuerySet:
    return rows.annotate(rank=rank).filter(rank__lte=CARDS_PER_COLUMN).values("pk")


def _newest(rows: QuerySet) -> QuerySet:
    return rows.order_by("-updated_at", "-pk").values("pk")[:CARDS_PER_COLUMN]


def _feed_position() -> Subquery:
    """Return the feed position of an order's newest change, read in the same statement as its status."""
    changes = OrderEvent.objects.filter(order_id=OuterRef("pk"), seq__isnull=False).order_by("-created_at", "-id")
    return Subquery(changes.values(position=JSONObject(territory="territory_id", seq="seq"))[:1])


def _any_of(groups: Iterable[QuerySet]) -> Q:
    condition = Q(pk__in=[])
    for group in groups:
        condition |= Q(pk__in=group)
    return condition


def _order_cards(groups: Iterable[QuerySet]) -> list[dict[str, Any]]:
    rows = Order.objects.filter(_any_of(groups)).with_territory().annotate(mark=_feed_position())
    return [order_card(row) for row in rows.select_related("device", "requester")]


def _service_cards(groups: Iterable[QuerySet]) -> list[dict[str, Any]]:
    rows = ServiceOrder.objects.filter(_any_of(groups)).annotate(mark=_feed_position()).select_related("created_by")
    return [service_card(row) for row in rows.defer("insurance_encrypted")]
