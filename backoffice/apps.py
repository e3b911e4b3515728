from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "back office"


class BackofficeAdminConfig(AdminConfig):
    """Django's admin, on our site instead of its own."""

    default_site = "backoffice.site.BackofficeSite"
