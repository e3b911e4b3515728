"""Where discovery answers under /api/v1."""

from django.urls import path

from orders.api.discovery.views import DiscoveryViewSet

urlpatterns = [
    path("public/discovery/search", DiscoveryViewSet.as_view({"post": "search"})),
    path("public/discovery/devices/<str:device_id>", DiscoveryViewSet.as_view({"get": "device"})),
    path("public/discovery/intents", DiscoveryViewSet.as_view({"post": "note_intent"})),
]
