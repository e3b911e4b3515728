"""Signing in: the password first, then the second factor, which is set up here where it is needed and missing."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.back_office import sign_in
from accounts.second_factor import (
    begun_second_factor,
    check_second_factor,
    confirm_second_factor,
    qr_code,
    second_factor_of,
    spelled_secret,
)
from backoffice.sign_in.forms import WAIT, CodeForm, PasswordForm
from backoffice.sign_in.pending import begin, goal_of, pending_user
from core.errors import DomainError

LOGIN = "admin:login"
Context = dict[str, Any]
Proof = TypeVar("Proof")


class PasswordView(LoginView):
    template_name = "admin/login.html"
    authentication_form = PasswordForm

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        user, goal = form.get_user(), self.get_success_url()
        has_one = second_factor_of(user) is not None
        if has_one or settings.STAFF_TOTP_REQUIRED:
            begin(self.request, user, goal)
            return redirect("admin:sign_in_code" if has_one else "admin:sign_in_set_up")
        sign_in(self.request, user, None)
        return HttpResponseRedirect(goal)

    def form_invalid(self, form: PasswordForm) -> HttpResponse:
        response = super().form_invalid(form)
        for problem in form.non_field_errors().as_data():
            if problem.code == WAIT:
                response.status_code = 429
                response["Retry-After"] = str(problem.params["seconds"])
        return response


def code_step(request: HttpRequest, context: Context) -> HttpResponse:
    """Ask whoever showed the password for a code."""
    user = pending_user(request)
    if user is None:
        return redirect(LOGIN)
    if second_factor_of(user) is None:  # a superuser has just reset it
        return redirect("admin:sign_in_set_up")
    form = CodeForm(request.POST or None)
    device = proof_of(form, lambda code: check_second_factor(user, code))
    if device is None:
        return render(request, "admin/sign_in/code.html", context | {"form": form, "title": "Your code"})
    goal = goal_of(request)
    sign_in(request, user, device)
    return HttpResponseRedirect(goal)


def set_up_step(request: HttpRequest, context: Context) -> HttpResponse:
    """Have whoever showed the password, and needs a second factor, set it up. Nothing else opens before."""
    user = pending_user(request)
    if user is None:
        return redirect(LOGIN)
    try:
        begun = begun_second_factor(user)
    except DomainError:  # set up meanwhile, elsewhere
        return redirect("admin:sign_in_code")
    form = CodeForm(request.POST or None)
    proved = proof_of(form, lambda code: confirm_second_factor(user, code))
    if proved is None:
        return render(request, "admin/sign_in/set_up.html", context | shown_of(begun) | {"form": form})
    device, backup_codes = proved
    goal = goal_of(request)
    sign_in(request, user, device)
    return backup_codes_once(request, context, backup_codes, goal=goal)


def shown_of(begun: TOTPDevice) -> Context:
    """What brings the secret into an app: a picture, a link on the same phone, letters to type."""
    return {
        "qr_code": qr_code(begun),
        "app_url": begun.config_url,
        "secret": spelled_secret(begun),
        "title": "Set up your second factor",
    }


def backup_codes_once(request: HttpRequest, context: Context, codes: list[str], *, goal: str) -> HttpResponse:
    """The only page that ever shows these codes."""
    shown = {"backup_codes": codes, "goal": goal, "title": "Your backup codes"}
    return render(request, "admin/sign_in/backup_codes.html", context | shown)


def proof_of(form: CodeForm, prove: Callable[[str], Proof]) -> Proof | None:
    """What `prove` makes of the code that was sent; None where none was, or where it says why not at the field."""
    if not form.is_valid():
        return None
    try:
        return prove(form.cleaned_data["code"])
    except DomainError as refusal:
        form.add_error("code", str(refusal))
        return None
