"""All mounting on one screen."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from core.api.views import DocsView
from core.contracts.dispatch import by_contract
from core.contracts.views import unknown_path
from devices.media_files import MEDIA_PATH, media_file
from orders.api.views import OrderViewSet
from service_orders.api.views import ServiceOrderViewSet

Actions = dict[str, Any]


def orders(route: str, *, equipment: Actions, territory: Actions) -> URLPattern:
    """A path that both contracts use: the HTTP methods of each, and what they do."""
    return path(
        f"orders{route}",
        by_contract(
            speaking_equipment=OrderViewSet.as_view(equipment),
            speaking_territory=ServiceOrderViewSet.as_view(territory),
        ),
    )


both: Actions = {"get": "list", "post": "create"}
api: list[URLPattern | URLResolver] = [
    orders("", equipment=both, territory=both),
    orders("/<str:order_id>", equipment={"get": "retrieve"}, territory={"get": "retrieve"}),
    orders("/<str:order_id>/status", equipment={"patch": "change_status"}, territory={"put": "change_status"}),
    orders("/<str:order_id>/history", equipment={"get": "history"}, territory={"get": "history"}),
    path("", include("core.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("devices.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("orders.api.urls")),
    path("", include("orders.api.discovery.urls")),
    path("", include("leases.api.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    re_path(r"^api(?:/.*)?$", unknown_path),
    path("admin/", admin.site.urls),
    path("", include("backoffice.board.urls")),
    re_path(MEDIA_PATH, media_file),
    path("docs", DocsView.as_view(), name="docs"),
    path("", RedirectView.as_view(pattern_name="docs")),
]
