"""The board, and what it asks for while it is open."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.territories import own_territories
from backoffice.board import queries
from backoffice.board.phases import OPEN_ORDERS, PHASES
from backoffice.board.scope import MAY_WATCH, MOST_TERRITORIES, Scope, open_kinds, open_territories, scope_of
from core.admin.badges import humanize_status, status_color
from core.database import uuid_of
from core.days import start_of
from core.errors import Forbidden
from events.choices import OrderKind

MOST_IDS = 100
_NO_ID = "00000000-0000-0000-0000-000000000000"


@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """The page: empty columns, which the browser fills."""
    if not request.user.has_perm(MAY_WATCH):
        raise PermissionDenied
    territories = open_territories(request)
    context = {
        **admin.site.each_context(request),
        "title": "Live board",
        "is_nav_sidebar_enabled": False,
        "phases": PHASES,
        "territories": territories,
        "kinds": open_kinds(request.user),
        "max_territories": MOST_TERRITORIES,
        "config": _config(),
    }
    return render(request, "board/board.html", context)


@require_GET
@never_cache
def orders(request: HttpRequest) -> JsonResponse:
    """`?territory=&kind=` the whole board, or `?ids=` the cards and changes of some orders."""
    if not admin.site.has_permission(request):
        return JsonResponse({"error": "Signed out"}, status=401)
    if not request.user.has_perm(MAY_WATCH):
        return JsonResponse({"error": "Not yours to watch"}, status=403)
    territories = open_territories(request)
    try:
        scope = scope_of(request, territories)
    except Forbidden as refusal:
        return JsonResponse({"error": str(refusal)}, status=403)
    if "ids" in request.GET:
        return _some(request, scope)
    known = [{"id": row.pk, "name": row.name} for row in territories]
    return JsonResponse(_snapshot(request, scope) | {"territories": known})


def _some(request: HttpRequest, scope: Scope) -> JsonResponse:
    ids = [uuid_of(text) for text in request.GET["ids"].split(",")]
    keys = [key for key in ids if key is not None]
    if len(keys) != len(ids) or len(keys) > MOST_IDS:
        return JsonResponse({"error": f"ids are at most {MOST_IDS} ids of orders, with commas between"}, status=400)
    return JsonResponse({"cards": queries.cards_of(keys, scope), "changes": queries.lines(scope, keys)})


def _snapshot(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    counts, positions = queries.tally(scope)
    works_everywhere = own_territories(request.user) is None  # type: ignore[arg-type]
    return {
        "now": timezone.now().isoformat(),
        "startOfDay": start_of(timezone.localdate()).isoformat(),
        "watching": list(scope.territories),
        "positions": positions,
        "counts": counts,
        "cards": queries.cards(scope),
        "changes": queries.lines(scope),
        "outside": queries.outside_of_territories() if works_everywhere else 0,
    }


def _config() -> dict[str, Any]:
    """Return what the scripts of the page need: URLs, labels of statuses, limits."""
    order = reverse("admin:orders_order_change", args=[_NO_ID])
    service = reverse("admin:service_orders_serviceorder_change", args=[_NO_ID])
    orders = reverse("admin:orders_order_changelist")
    states = [state for phase in PHASES for state in phase.states]
    return {
        "timeZone": settings.TIME_ZONE,
        "placeholderId": _NO_ID,
        "pages": {kind: service if kind == OrderKind.SERVICE else order for kind in OrderKind.values},
        "statuses": {state: {"label": humanize_status(state), "tone": status_color(state)} for state in states},
        "cardsPerColumn": queries.CARDS_PER_COLUMN,
        "idsAtOnce": MOST_IDS,
        "lists": {
            "orders": orders,
            "services": reverse("admin:service_orders_serviceorder_changelist"),
            "outside": f"{orders}?{urlencode({'status__in': ','.join(OPEN_ORDERS), 'territory': '-'})}",
        },
    }
