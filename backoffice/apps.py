from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate

from backoffice.groups import bring_groups


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "back office"

    def ready(self) -> None:
        post_migrate.connect(bring_groups, dispatch_uid="groups of staff")


class BackofficeAdminConfig(AdminConfig):
    """Django's admin, on our site instead of its own."""

    default_site = "backoffice.site.BackofficeSite"
