"""URLs of accounts under /api/v1. `auth/send-otp` is in notifications, which sends the SMS message."""

from django.urls import path

from accounts.api.profile_views import OperatorViewSet, PublicVleViewSet, VleViewSet
from accounts.api.views import LoginViewSet, SessionViewSet, UserViewSet
from core.contracts.parsers import JSON_OR_FORM

urlpatterns = [
    path("auth/verify-otp", LoginViewSet.as_view({"post": "verify_otp"}, parser_classes=JSON_OR_FORM)),
    path("auth/refresh", LoginViewSet.as_view({"post": "refresh"})),
    path("auth/session/role", SessionViewSet.as_view({"post": "choose_role"})),
    path("auth/logout", SessionViewSet.as_view({"post": "logout"})),
    path("auth/me", SessionViewSet.as_view({"get": "me"})),
    path("user/update", UserViewSet.as_view({"post": "update"})),
    path("user/get-user/<str:user_id>", UserViewSet.as_view({"get": "retrieve"})),
    path("admin/vles", VleViewSet.as_view({"get": "list", "post": "create"})),
    path("admin/vles/<str:vle_id>", VleViewSet.as_view({"get": "retrieve"})),
    path("vles/me", PublicVleViewSet.as_view({"get": "me"})),
    path("vles/<str:vle_id>", PublicVleViewSet.as_view({"get": "look_up"})),
    path("admin/operators", OperatorViewSet.as_view({"get": "list", "post": "create"})),
    path("admin/operators/<str:operator_id>", OperatorViewSet.as_view({"get": "retrieve", "put": "update"})),
]
