"""The back office: Django's admin with a home of ours."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.actors import Actor, back_office_actor
from accounts.requests import staff_user
from backoffice.home.page import home
from backoffice.navigation import sections
from backoffice.sign_in.site import GuardedSite


class BackofficeSite(GuardedSite):
    site_header = site_title = "KissanMitra"
    index_title = "Home"
    site_url = None
    empty_value_display = "-"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What needs me now, and the last 30 days."""
        return super().index(request, {"home": home(self, request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The menu. Asked for one app, as Django's page of an app does, only what that app has."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        return sections([model for app in apps for model in app["models"]], request)

    def get_actor(self, request: HttpRequest) -> Actor:
        """Return the signed-in user as the actor of services, for the pages of `core.admin`."""
        return back_office_actor(staff_user(request))
