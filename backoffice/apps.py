from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate

from backoffice.groups import sync_groups


class BackofficeConfig(AppConfig):
    """Configure the app; after each migration the groups of staff are written."""

    name = "backoffice"
    verbose_name = "back office"

    def ready(self) -> None:
        post_migrate.connect(sync_groups, dispatch_uid="groups of staff")


class BackofficeAdminConfig(AdminConfig):
    """Use BackofficeSite as the default site of Django's admin."""

    default_site = "backoffice.site.BackofficeSite"
