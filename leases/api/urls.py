"""Route the paths of leases under /api/v1."""

from django.urls import path

from leases.api.views import AdminLeaseView, OwnLeaseView

urlpatterns = [
    path("admin/leases", AdminLeaseView.as_view({"get": "list", "post": "create"})),
    path("admin/leases/<str:lease_id>", AdminLeaseView.as_view({"get": "retrieve"})),
    path("admin/leases/<str:lease_id>/operators", AdminLeaseView.as_view({"post": "assign"})),
    path("admin/leases/<str:lease_id>/complete", AdminLeaseView.as_view({"post": "complete"})),
    path("admin/leases/<str:lease_id>/terminate", AdminLeaseView.as_view({"post": "terminate"})),
    path("leases/me", OwnLeaseView.as_view({"get": "list"})),
    path("leases/<str:lease_id>", OwnLeaseView.as_view({"get": "retrieve"})),
    path(
        "leases/<str:lease_id>/attachments/<str:attachment_id>",
        OwnLeaseView.as_view({"get": "attachment"}),
    ),
]
