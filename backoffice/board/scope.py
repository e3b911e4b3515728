"""What somebody may watch on the board, and what of it was asked for."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import Territory, User
from core.errors import Forbidden
from events.choices import OrderKind
from events.feed.credentials import CookieCredential
from events.feed.permissions import watchable_territories
from orders.models import Kind

MAY_WATCH = "events.view_orderevent"
MOST_TERRITORIES = 40
"""Watched at once: each is a socket, and a browser has some 200 of them for all its pages."""


@dataclass(frozen=True)
class Scope:
    """Territories by id, and kinds of orders."""

    territories: Collection[str]
    kinds: Collection[str]

    @property
    def equipment_kinds(self) -> list[str]:
        return [kind for kind in self.kinds if kind in Kind.values]

    @property
    def has_services(self) -> bool:
        return OrderKind.SERVICE in self.kinds


def open_territories(request: HttpRequest) -> list[Territory]:
    """The territories whose feed opens to the cookie of this request."""
    return watchable_territories(CookieCredential(request.session.session_key or ""))


def open_kinds(user: User | AnonymousUser) -> list[str]:
    """The kinds of orders whose pages this member of staff may see."""
    equipment = list(Kind.values) if user.has_perm("orders.view_order") else []
    return equipment + ([OrderKind.SERVICE.value] if user.has_perm("service_orders.view_serviceorder") else [])


def scope_of(request: HttpRequest, territories: Collection[Territory]) -> Scope:
    """What `?territory=&kind=` ask for; all where they ask for nothing. Raises Forbidden for what is not open."""
    territory, kind = request.GET.get("territory"), request.GET.get("kind")
    ids, kinds = [row.pk for row in territories], open_kinds(request.user)
    if (territory and territory not in ids) or (kind and kind not in kinds):
        raise Forbidden("Not yours to watch")
    return Scope([territory] if territory else ids[:MOST_TERRITORIES], [kind] if kind else kinds)
