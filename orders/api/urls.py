"""Where orders answers under /api/v1."""

from django.urls import path

from orders.api.views import OrderViewSet

urlpatterns = [
    path("orders", OrderViewSet.as_view({"get": "list", "post": "create"})),
    path("orders/<str:order_id>", OrderViewSet.as_view({"get": "retrieve"})),
    path("orders/<str:order_id>/status", OrderViewSet.as_view({"patch": "move"})),
    path("orders/<str:order_id>/history", OrderViewSet.as_view({"get": "history"})),
    path("orders/<str:order_id>/cancel", OrderViewSet.as_view({"post": "cancel"})),
    path("admin/orders/lease", OrderViewSet.as_view({"get": "lease_orders"})),
    path("admin/orders/<str:order_id>/reject", OrderViewSet.as_view({"post": "reject"})),
    path("vles/orders/rent", OrderViewSet.as_view({"get": "rent_orders"})),
    path("vles/orders/<str:order_id>/reject", OrderViewSet.as_view({"post": "reject"})),
]
