"""Views on which staff see and change their own sessions and second factor."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actors import back_office_actor
from accounts.models import StaffSession
from accounts.requests import staff_user
from accounts.second_factor import (
    backup_codes_left,
    confirm_second_factor,
    disable_second_factor,
    new_backup_codes,
    pending_totp_device,
    second_factor_of,
)
from accounts.services import end_one_session
from accounts.sessions import live_app_sessions
from accounts.staff_sessions import add_second_factor, end_staff_sessions, live_staff_sessions
from backoffice.sign_in.forms import CodeForm
from backoffice.sign_in.views import Context, render_backup_codes, set_up_context, use_code
from core.errors import DomainError

SECOND_FACTOR = "admin:my_second_factor"
SESSIONS = "admin:my_sessions"


def my_sessions(request: HttpRequest, context: Context) -> HttpResponse:
    """List the user's own sessions."""
    user = staff_user(request)
    shown = {
        "title": "My sessions",
        "staff_sessions": live_staff_sessions(user),
        "app_sessions": live_app_sessions(user),
        "own_key": request.session.session_key,
    }
    return render(request, "admin/sign_in/my_sessions.html", context | shown)


def end_my_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of the user's own sessions."""
    user = staff_user(request)
    try:
        end_one_session(user, by=back_office_actor(user), session_id=session_id)
        messages.success(request, "Signed out there.")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(SESSIONS)


def end_my_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all back-office sessions of the user but this one."""
    mine = StaffSession.objects.filter(user=request.user.pk)
    ended = end_staff_sessions(mine.exclude(session_key=request.session.session_key))
    messages.success(request, f"Signed out at {ended} other place{'' if ended == 1 else 's'}.")
    return redirect(SESSIONS)


def my_second_factor(request: HttpRequest, context: Context) -> HttpResponse:
    """Show the user's own second factor, or set it up."""
    user = staff_user(request)
    device = second_factor_of(user)
    if device is None:
        return _set_up(request, context)
    shown: dict[str, Any] = {"title": "Second factor", "device": device, "codes_left": backup_codes_left(user)}
    shown["required"] = settings.STAFF_TOTP_REQUIRED
    return render(request, "admin/sign_in/my_second_factor.html", context | shown | {"form": CodeForm()})


def make_backup_codes(request: HttpRequest, context: Context) -> HttpResponse:
    """Replace the backup codes, for a code of the app."""
    user = staff_user(request)
    form = CodeForm(request.POST)
    codes = use_code(form, lambda code: new_backup_codes(user, code))
    if codes is None:
        return _redirect_with_error(request, form)
    return render_backup_codes(request, context, codes, next_url="")


def disable_my_second_factor(request: HttpRequest) -> HttpResponse:
    """Remove the user's own second factor, if none is required."""
    user = staff_user(request)
    form = CodeForm(request.POST)

    def disable(code: str) -> bool:
        disable_second_factor(user, code)
        return True

    if not use_code(form, disable):
        return _redirect_with_error(request, form)
    messages.success(request, "You sign in with your password alone now.")
    return redirect(SECOND_FACTOR)


def _set_up(request: HttpRequest, context: Context) -> HttpResponse:
    user = staff_user(request)
    try:
        pending = pending_totp_device(user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(SECOND_FACTOR)
    form = CodeForm(request.POST or None)
    confirmed = use_code(form, lambda code: confirm_second_factor(user, code))
    if confirmed is None:
        return render(request, "admin/sign_in/set_up.html", context | set_up_context(pending) | {"form": form})
    device, backup_codes = confirmed
    add_second_factor(request, device)
    return render_backup_codes(request, context, backup_codes, next_url="")


def _redirect_with_error(request: HttpRequest, form: CodeForm) -> HttpResponse:
    error = next(iter(form.errors.values()))[0]
    messages.error(request, f"Nothing changed: {error}")
    return redirect(SECOND_FACTOR)
