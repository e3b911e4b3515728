"""Route the discovery endpoints under /api/v1."""

from django.urls import path

from orders.api.discovery.views import DiscoveryView

urlpatterns = [
    path("public/discovery/search", DiscoveryView.as_view({"post": "search"})),
    path("public/discovery/devices/<str:device_id>", DiscoveryView.as_view({"get": "device"})),
    path("public/discovery/intents", DiscoveryView.as_view({"post": "note_intent"})),
]
