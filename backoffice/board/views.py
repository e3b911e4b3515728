"""Serve the board, and the data it requests while it is open."""

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

from accounts.requests import staff_user
from accounts.territories import own_territories
from backoffice.board import queries
from backoffice.board.phases import OPEN_ORDERS, PHASES
from backoffice.board.scope import MAX_TERRITORIES, Scope, kinds_of, may_watch, requested_scope, territories_of
from core.database import uuid_of
from core.days import start_of
from core.errors import Forbidden
from events.choices import OrderKind

MAX_IDS = 100
NO_ID = "00000000-0000-0000-0000-000000000000"
"""Stands in URLs for the id of an order, which the browser fills in."""
SIGNED_OUT = "Signed out"
BAD_IDS = f"ids must be at most {MAX_IDS} order ids, separated by commas"


@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Render the page with empty columns, which the browser fills."""
    user = staff_user(request)
    if not may_watch(user):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Live board",
        "is_nav_sidebar_enabled": False,
        "phases": PHASES,
        "territories": territories_of(request),
        "kinds": kinds_of(user),
        "max_territories": MAX_TERRITORIES,
        "client_config": _client_config(),
    }
    return render(request, "board/board.html", context)


@require_GET
@never_cache
def orders(request: HttpRequest) -> JsonResponse:
    """Return the whole board for `?territory=&kind=`, or the cards and changes of some orders for `?ids=`."""
    if not admin.site.has_permission(request):
        return JsonResponse({"error": SIGNED_OUT}, status=401)
    territories = territories_of(request)
    try:
        scope = requested_scope(request, territories)
    except Forbidden as error:
        return JsonResponse({"error": str(error)}, status=403)
    if "ids" in request.GET:
        return _selected_orders(request, scope)
    names = [{"id": row.pk, "name": row.name} for row in territories]
    return JsonResponse(_snapshot(request, scope) | {"territories": names})


def _selected_orders(request: HttpRequest, scope: Scope) -> JsonResponse:
    parsed = [uuid_of(text) for text in request.GET["ids"].split(",")]
    ids = [each for each in parsed if each is not None]
    if len(ids) != len(parsed) or len(ids) > MAX_IDS:
        return JsonResponse({"error": BAD_IDS}, status=400)
    return JsonResponse({"cards": queries.cards_by_id(ids, scope), "changes": queries.changes_by_order(ids, scope)})


def _snapshot(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    counts, positions = queries.count_orders(scope)
    has_global_access = own_territories(staff_user(request)) is None
    return {
        "now": timezone.now().isoformat(),
        "startOfDay": start_of(timezone.localdate()).isoformat(),
        "watching": list(scope.territories),
        "positions": positions,
        "counts": counts,
        "cards": queries.cards(scope),
        "changes": queries.recent_changes(scope),
        "outside": queries.count_outside_territories() if has_global_access else 0,
    }


def _client_config() -> dict[str, Any]:
    """Return the settings, URLs and labels that the scripts of the board need."""
    order = reverse("admin:orders_order_change", args=[NO_ID])
    service = reverse("admin:service_orders_serviceorder_change", args=[NO_ID])
    orders = reverse("admin:orders_order_changelist")
    statuses = [status for phase in PHASES for status in phase.states]
    return {
        "timeZone": settings.TIME_ZONE,
        "placeholderId": NO_ID,
        "pages": {kind: service if kind == OrderKind.SERVICE else order for kind in OrderKind.values},
        "statuses": {each: {"label": each.label, "tone": each.tone} for each in statuses},
        "cardsPerColumn": queries.CARDS_PER_COLUMN,
        "idsAtOnce": MAX_IDS,
        "lists": {
            "orders": orders,
            "services": reverse("admin:service_orders_serviceorder_changelist"),
            "outside": f"{orders}?{urlencode({'status__in': ','.join(OPEN_ORDERS), 'territory': '-'})}",
        },
    }
