"""The part of the site that stands between the street and the pages."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.back_office import has_shown_enough, note_seen
from backoffice.sign_in import own
from backoffice.sign_in.views import PasswordView, code_step, set_up_step

View = Callable[..., HttpResponse]
at_the_door = [sensitive_post_parameters(), csrf_protect, never_cache]


class GuardedSite(AdminSite):
    """Opens to staff who have shown their second factor, or need none."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_shown_enough(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        def noted(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            note_seen(request)
            return view(request, *args, **options)

        return super().admin_view(update_wrapper(noted, view), cacheable)

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path("login/code/", self.code, name="sign_in_code"),
            path("login/set-up/", self.set_up, name="sign_in_set_up"),
            path("my/sessions/", self._own(own.my_sessions), name="my_sessions"),
            path("my/sessions/end-others/", self._act(own.end_my_others), name="end_my_others"),
            path("my/sessions/<uuid:session_id>/end/", self._act(own.end_my_session), name="end_my_session"),
            path("my/second-factor/", self._own(own.my_second_factor), name="my_second_factor"),
            path("my/second-factor/codes/", require_POST(self._own(own.make_backup_codes)), name="my_backup_codes"),
            path("my/second-factor/give-up/", self._act(own.give_up), name="give_up_second_factor"),
        ]
        return [*mine, *super().get_urls()]

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        home = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(home)
        context = self.each_context(request) | {"title": "Sign in"} | (extra_context or {})
        return PasswordView.as_view(extra_context=context, next_page=home)(request)

    @method_decorator(at_the_door)
    def code(self, request: HttpRequest) -> HttpResponse:
        return code_step(request, self.each_context(request))

    @method_decorator(at_the_door)
    def set_up(self, request: HttpRequest) -> HttpResponse:
        return set_up_step(request, self.each_context(request))

    def _own(self, view: View) -> View:
        def with_context(request: HttpRequest, **options: Any) -> HttpResponse:
            return view(request, self.each_context(request), **options)

        return self.admin_view(with_context)

    def _act(self, view: View) -> View:
        return self.admin_view(require_POST(view))
