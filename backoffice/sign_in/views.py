"""Views of the login: password, then second factor, which is set up here if it is required and missing."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.second_factor import (
    check_second_factor,
    confirm_second_factor,
    grouped_secret,
    pending_totp_device,
    qr_code,
    second_factor_of,
)
from accounts.staff_sessions import sign_in
from backoffice.sign_in.forms import WAIT, CodeForm, PasswordForm
from backoffice.sign_in.login_state import finish_login, pending_user, start_login
from core.errors import DomainError

LOGIN = "admin:login"
Context = dict[str, Any]
Result = TypeVar("Result")


class PasswordView(LoginView):
    template_name = "admin/login.html"
    authentication_form = PasswordForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user, next_url = form.get_user(), self.get_success_url()
        assert isinstance(user, User)
        has_second_factor = second_factor_of(user) is not None
        if has_second_factor or settings.STAFF_TOTP_REQUIRED:
            start_login(self.request, user, next_url)
            return redirect("admin:sign_in_code" if has_second_factor else "admin:sign_in_set_up")
        sign_in(self.request, user, None)
        return HttpResponseRedirect(next_url)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        wait = _wait_of(form)
        if wait is not None:
            response.status_code = 429
            response["Retry-After"] = str(wait)
        return response


def code_view(request: HttpRequest, context: Context) -> HttpResponse:
    """Ask for the code of the second factor, after the password."""
    user = pending_user(request)
    if user is None:
        return redirect(LOGIN)
    if second_factor_of(user) is None:  # a superuser has just reset it
        return redirect("admin:sign_in_set_up")
    form = CodeForm(request.POST or None)
    device = use_code(form, lambda code: check_second_factor(user, code))
    if device is None:
        return render(request, "admin/sign_in/code.html", context | {"form": form, "title": "Your code"})
    next_url = finish_login(request)
    sign_in(request, user, device)
    return HttpResponseRedirect(next_url)


def set_up_view(request: HttpRequest, context: Context) -> HttpResponse:
    """Set up a required second factor, after the password and before the first page."""
    user = pending_user(request)
    if user is None:
        return redirect(LOGIN)
    try:
        pending = pending_totp_device(user)
    except DomainError:  # set up meanwhile, in another browser
        return redirect("admin:sign_in_code")
    form = CodeForm(request.POST or None)
    confirmed = use_code(form, lambda code: confirm_second_factor(user, code))
    if confirmed is None:
        return render(request, "admin/sign_in/set_up.html", context | set_up_context(pending) | {"form": form})
    device, backup_codes = confirmed
    next_url = finish_login(request)
    sign_in(request, user, device)
    return render_backup_codes(request, context, backup_codes, next_url=next_url)


def set_up_context(pending: TOTPDevice) -> Context:
    """Return the template context with the secret: as QR code, as link for the same phone, and as text."""
    return {
        "qr_code": qr_code(pending),
        "app_url": pending.config_url,
        "secret": grouped_secret(pending),
        "title": "Set up your second factor",
    }


def render_backup_codes(request: HttpRequest, context: Context, codes: list[str], *, next_url: str) -> HttpResponse:
    """Render the only page that ever shows these codes."""
    shown = {"backup_codes": codes, "next_url": next_url, "title": "Your backup codes"}
    return render(request, "admin/sign_in/backup_codes.html", context | shown)


def use_code(form: CodeForm, use: Callable[[str], Result]) -> Result | None:
    """Return what `use` returns for the submitted code; None if the form is invalid or `use` raises DomainError.

    The error message is added to the field.
    """
    if not form.is_valid():
        return None
    try:
        return use(form.cleaned_data["code"])
    except DomainError as error:
        form.add_error("code", str(error))
        return None


def _wait_of(form: forms.Form) -> int | None:
    """Return the seconds to wait if there were too many attempts."""
    errors = form.non_field_errors().as_data()
    return next((error.params["seconds"] for error in errors if error.code == WAIT and error.params), None)
