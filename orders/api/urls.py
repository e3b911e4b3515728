"""Route the order endpoints under /api/v1, beside the paths that both contracts share (kissanmitra/urls.py)."""

from django.urls import path

from orders.api.views import OrderViewSet

urlpatterns = [
    path("orders/<str:order_id>/cancel", OrderViewSet.as_view({"post": "cancel"})),
    path("admin/orders/lease", OrderViewSet.as_view({"get": "lease_orders"})),
    path("admin/orders/<str:order_id>/reject", OrderViewSet.as_view({"post": "reject_as_admin"})),
    path("vles/orders/rent", OrderViewSet.as_view({"get": "rent_orders"})),
    path("vles/orders/<str:order_id>/reject", OrderViewSet.as_view({"post": "reject_as_vle"})),
]
