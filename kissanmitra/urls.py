"""All mounting on one screen."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from core.api.views import DocsView
from core.contracts.views import unknown_path
from devices.media_files import MEDIA_PATH, media_file

api = [
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
    re_path(MEDIA_PATH, media_file),
    path("docs", DocsView.as_view(), name="docs"),
    path("", RedirectView.as_view(pattern_name="docs")),
]
