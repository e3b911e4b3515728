"""What the board shows: a bounded number of cards, and true counts of all the others.

Cards and counts say up to which number of the feed they know what happened. A change with a lower number is in them
already, one with a higher number is not: so whoever also hears the feed never counts or moves anything twice.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import JSONObject, RowNumber
from django.utils import timezone

from accounts.models import Territory
from accounts.territories import in_territories
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
LINES = 40
LINES_SINCE = timedelta(hours=24)

Tally = tuple[dict[str, dict[str, int]], dict[str, int]]


def tally(scope: Scope) -> Tally:
    """How many orders are in each state, by kind, and at which number of its feed each territory was then.

    One statement, which sees one moment: the counts hold exactly the changes up to those numbers.
    """
    positions = FeedPosition.objects.filter(territory__in=scope.territories)
    legs = [_counted(rows, F("kind")) for rows in (_open_orders(scope), _ended_orders(scope))]
    legs += [_counted(rows, Value("SERVICE")) for rows in (_open_services(scope), _ended_services(scope))]
    of_feed = positions.annotate(what=Value("", CharField()), name=F("territory_id"), number=F("seq"))
    counts: dict[str, dict[str, int]] = {}
    for what, name, number in of_feed.values_list("what", "name", "number").union(*legs, all=True):
        counts.setdefault(what, {})[name] = number
    return counts, dict.fromkeys(scope.territories, 0) | counts.pop("", {})


def cards(scope: Scope) -> list[dict[str, Any]]:
    """For each column the most urgent orders, then those that came to their state last."""
    by_state = Window(RowNumber(), partition_by="status", order_by=["-updated_at", "-pk"])
    most_urgent = Window(RowNumber(), partition_by="status", order_by=[urgency(), "-updated_at", "-pk"])
    orders = _first(_open_orders(scope), by_state), _newest(_ended_orders(scope))
    services = _first(_open_services(scope), most_urgent), _newest(_ended_services(scope))
    return _cards_of_orders(orders) + _cards_of_services(services)


def cards_of(ids: Collection[UUID], scope: Scope) -> list[dict[str, Any]]:
    """The cards of these orders, in whichever state they are."""
    orders = _orders(scope).filter(pk__in=ids).values("pk")
    services = _services(scope).filter(pk__in=ids).values("pk")
    return _cards_of_orders([orders]) + _cards_of_services([services])


def lines(scope: Scope, ids: Collection[UUID] | None = None) -> list[dict[str, Any]]:
    """The last changes in the territories, or those of certain orders, newest first."""
    rows = OrderEvent.objects.filter(territory__in=scope.territories, order_kind__in=scope.kinds)
    rows = rows.filter(created_at__gte=timezone.now() - LINES_SINCE) if ids is None else rows.filter(order_id__in=ids)
    bound = LINES if ids is None else LINES + 3 * len(ids)
    return [_line(event) for event in rows.select_related("changed_by").order_by("-created_at", "-id")[:bound]]


def outside_of_territories() -> int:
    """How many open orders no feed tells of, as their devices lie in no territory."""
    everywhere = Territory.objects.values_list("pk", flat=True)
    nowhere = Device.objects.exclude(in_territories(list(everywhere), pincode_path="pincode"))
    return Order.objects.filter(status__in=OPEN_ORDERS, device__in=nowhere).count()


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


def _ended_today(states: Collection[str]) -> QuerySet[OrderEvent, UUID]:
    """Found by the day's events, however many orders ended before."""
    today = OrderEvent.objects.filter(created_at__gte=start_of(timezone.localdate()), status__in=states)
    return today.order_by().values_list("order_id", flat=True)


def _counted(rows: QuerySet, kind: F | Value) -> QuerySet:
    rows = rows.annotate(what=Case(default=kind, output_field=CharField()), name=F("status"))
    return rows.values("what", "name").annotate(number=Count("pk")).values_list("what", "name", "number")


def _first(rows: QuerySet, place: Window) -> QuerySet:
    return rows.annotate(place=place).filter(place__lte=CARDS_PER_COLUMN).values("pk")


def _newest(rows: QuerySet) -> QuerySet:
    return rows.order_by("-updated_at", "-pk").values("pk")[:CARDS_PER_COLUMN]


def _mark() -> Subquery:
    """The place of an order's newest change in the feed, seen in the same moment as its state."""
    changes = OrderEvent.objects.filter(order_id=OuterRef("pk"), seq__isnull=False).order_by("-created_at", "-id")
    return Subquery(changes.values(place=JSONObject(territory="territory_id", seq="seq"))[:1])


def _any_of(groups: Iterable[QuerySet]) -> Q:
    chosen = Q(pk__in=[])
    for group in groups:
        chosen |= Q(pk__in=group)
    return chosen


def _cards_of_orders(groups: Iterable[QuerySet]) -> list[dict[str, Any]]:
    rows = Order.objects.filter(_any_of(groups)).with_territory().annotate(mark=_mark())
    return [_order_card(row) for row in rows.select_related("device", "requester")]


def _cards_of_services(groups: Iterable[QuerySet]) -> list[dict[str, Any]]:
    rows = ServiceOrder.objects.filter(_any_of(groups)).annotate(mark=_mark()).select_related("created_by")
    return [_service_card(row) for row in rows.defer("insurance_encrypted")]


def _order_card(order: Any) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "kind": order.kind,
        "status": order.status,
        "what": order.device.name,
        "who": _called(order.requester),
        "start": order.start_date.isoformat(),
        "end": order.end_date.isoformat(),
        "priority": "",
        "territory": order.territory_id,
        "since": _instant(order.updated_at),
        "mark": order.mark,
    }


def _service_card(order: Any) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "kind": OrderKind.SERVICE.value,
        "status": order.status,
        "what": order.service_type,
        "who": _called(order.created_by),
        "start": None,
        "end": None,
        "priority": order.priority,
        "territory": order.territory_id,
        "since": _instant(order.updated_at),
        "mark": order.mark,
    }


def _line(event: OrderEvent) -> dict[str, Any]:
    """In the words of the feed, and who it was."""
    return {
        "order_id": str(event.order_id),
        "order_kind": event.order_kind,
        "status": event.status,
        "territory_id": event.territory_id,
        "seq": event.seq,
        "timestamp": _instant(event.created_at),
        "by": _called(event.changed_by) if event.changed_by else "",
    }


def _called(person: Any) -> str:
    """Without the phone number: the board hangs where visitors see it."""
    return person.name or f"…{person.phone[-4:]}"


def _instant(moment: datetime) -> str:
    return moment.isoformat()
