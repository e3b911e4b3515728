from django.apps import AppConfig
from django.core.checks import register

from notifications.checks import warn_of_incomplete_twilio


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        register(warn_of_incomplete_twilio)
