"""Admin site that opens after password and second factor, with the URLs of the login and of one's own account."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.staff_sessions import is_verified, touch_last_seen
from backoffice.sign_in import my_account
from backoffice.sign_in.views import PasswordView, code_view, set_up_view

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
login_step = [sensitive_post_parameters(), csrf_protect, never_cache]


class TwoFactorAdminSite(AdminSite):
    """Admit staff who have passed their second factor, or need none."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and is_verified(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        def touched(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
            touch_last_seen(request)
            return view(request, *args, **options)

        return super().admin_view(cast(View, update_wrapper(touched, view)), cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own: list[URLPattern | URLResolver] = [
            path("login/code/", self.code, name="sign_in_code"),
            path("login/set-up/", self.set_up, name="sign_in_set_up"),
            path("my/sessions/", self._page(my_account.my_sessions), name="my_sessions"),
            path("my/sessions/end-others/", self._post(my_account.end_my_other_sessions), name="end_my_others"),
            path("my/sessions/<uuid:session_id>/end/", self._post(my_account.end_my_session), name="end_my_session"),
            path("my/second-factor/", self._page(my_account.my_second_factor), name="my_second_factor"),
            path(
                "my/second-factor/codes/",
                require_POST(self._page(my_account.make_backup_codes)),
                name="my_backup_codes",
            ),
            path(
                "my/second-factor/disable/",
                self._post(my_account.disable_my_second_factor),
                name="disable_second_factor",
            ),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        home = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(home)
        context = self.each_context(request) | {"title": "Sign in"} | (extra_context or {})
        return cast(HttpResponse, PasswordView.as_view(extra_context=context, next_page=home)(request))

    @method_decorator(login_step)
    def code(self, request: HttpRequest) -> HttpResponse:
        return code_view(request, self.each_context(request))

    @method_decorator(login_step)
    def set_up(self, request: HttpRequest) -> HttpResponse:
        return set_up_view(request, self.each_context(request))

    def _page(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Wrap a view of signed-in staff that takes the site's context."""

        def with_context(request: HttpRequest, **options: Any) -> HttpResponse:
            return view(request, self.each_context(request), **options)

        return self.admin_view(with_context)

    def _post(self, view: View) -> View:
        """Wrap a view of signed-in staff that only answers POST."""
        return self.admin_view(require_POST(view))
