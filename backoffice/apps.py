from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate

from backoffice.groups import sync_groups


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "back office"

    def ready(self) -> None:
        post_migrate.connect(sync_groups, dispatch_uid="sync_groups")


class BackofficeAdminConfig(AdminConfig):
    """Run Django's admin on the site of the back office."""

    default_site = "backoffice.site.BackofficeSite"
