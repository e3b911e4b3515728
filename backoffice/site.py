"""Extend Django's admin site by the home page and the menu of the back office."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.actors import Actor, back_office_actor
from accounts.requests import staff_user
from backoffice.home.page import home_context
from backoffice.navigation import sections
from backoffice.sign_in.site import TwoFactorAdminSite


class BackofficeSite(TwoFactorAdminSite):
    """Serve the back office: sign-in, home page and menu."""

    site_header = site_title = "KissanMitra"
    index_title = "Home"
    site_url = None
    empty_value_display = "-"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Render the home page."""
        return super().index(request, {"home": home_context(self, request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return the sections of the menu; for an app label, as on Django's page of an app, only that app."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        return sections([model for app in apps for model in app["models"]], request)

    def get_actor(self, request: HttpRequest) -> Actor:
        """Return the signed-in user as the actor of services, for the pages of `core.admin`."""
        return back_office_actor(staff_user(request))
