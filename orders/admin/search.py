"""Search and filters of orders."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.admin.territory_scope import TerritoryFilter
from accounts.models import User, VleProfile
from accounts.search import has_phone, whole_phone
from accounts.territories import in_territories
from core.admin.filters import RelatedFilter
from core.admin.search import id_starts_with, is_whole_id
from devices.models import Device
from orders.queries import OrderQuerySet

MAX_WORDS = 6


def search_orders(term: str, orders: OrderQuerySet) -> OrderQuerySet:
    """Filter to orders with this start of the id, this phone, or each word in the requester's or device's name."""
    words = term.split()[:MAX_WORDS]
    if not words:
        return orders
    if is_whole_id(term):
        return orders.filter(id_starts_with(term))
    requesters = User.objects.filter(has_phone(term, "phone"))
    if whole_phone(term):
        return orders.filter(requester__in=_keys(requesters))
    by_words = Q()
    for word in words:
        by_words &= Q(requester__in=_keys(User.objects.filter(name__icontains=word))) | Q(
            device__in=_keys(Device.objects.filter(name__icontains=word))
        )
    return orders.filter(id_starts_with(term) | Q(requester__in=_keys(requesters)) | by_words)


def device_in_territories(territory_ids: Iterable[str]) -> Q:
    """Filter to orders for devices of these territories, through the devices, of which there are fewer."""
    return Q(device__in=_keys(Device.objects.filter(in_territories(set(territory_ids), pincode_path="pincode"))))


class OrderTerritoryFilter(TerritoryFilter):
    rows_in = staticmethod(device_in_territories)


class DeviceFilter(RelatedFilter):
    find = staticmethod(lambda letters: Device.objects.matching(letters))
    hint = "Part of the name, id or PIN code"


class HandlerFilter(RelatedFilter):
    find = staticmethod(lambda letters: VleProfile.objects.matching(status=None, search=letters))
    hint = "Part of the VLE's name or phone"

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.title = "handler"


def _keys(rows: QuerySet) -> QuerySet:
    return rows.order_by().values("pk")
