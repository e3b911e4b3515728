"""Route health checks, schema and documentation under /api/v1."""

from django.urls import path

from core.api.views import DocsPointerView, HealthViewSet, SchemaView

urlpatterns = [
    path("health/live", HealthViewSet.as_view({"get": "live"})),
    path("health/ready", HealthViewSet.as_view({"get": "ready"})),
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsPointerView.as_view()),
]
