"""Decide what a user may watch on the board, and what of it a request asks for."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import Territory, User
from accounts.requests import staff_user
from core.errors import Forbidden
from events.choices import OrderKind
from events.feed.credentials import CookieCredential
from events.feed.permissions import watchable_territories
from orders.choices import Kind

MAX_TERRITORIES = 40
"""Watched at once: each is a socket, and a browser opens about 200 of them for all its pages."""
NOT_ALLOWED = "You may not watch this."


@dataclass(frozen=True)
class Scope:
    """Hold the ids of territories and the kinds of orders to show."""

    territories: Collection[str]
    kinds: Collection[str]

    @property
    def equipment_kinds(self) -> list[str]:
        return [kind for kind in self.kinds if kind in Kind.values]

    @property
    def has_services(self) -> bool:
        return OrderKind.SERVICE in self.kinds


def may_watch(user: User) -> bool:
    """Return whether the user may open the board: it needs the right to see the order history."""
    return user.has_perm("events.view_orderevent")


def territories_of(request: HttpRequest) -> list[Territory]:
    """Return the territories whose feed accepts the cookie of this request."""
    return watchable_territories(CookieCredential(request.session.session_key or ""))


def kinds_of(user: User) -> list[str]:
    """Return the kinds of orders whose pages this user may see."""
    equipment = list(Kind.values) if user.has_perm("orders.view_order") else []
    return equipment + ([OrderKind.SERVICE.value] if user.has_perm("service_orders.view_serviceorder") else [])


def requested_scope(request: HttpRequest, territories: Collection[Territory]) -> Scope:
    """Return the scope of `?territory=&kind=`, by default everything. Raises Forbidden if the user may not watch it."""
    territory, kind = request.GET.get("territory"), request.GET.get("kind")
    user, ids = staff_user(request), [row.pk for row in territories]
    kinds = kinds_of(user)
    if not may_watch(user) or (territory and territory not in ids) or (kind and kind not in kinds):
        raise Forbidden(NOT_ALLOWED)
    return Scope([territory] if territory else ids[:MAX_TERRITORIES], [kind] if kind else kinds)
