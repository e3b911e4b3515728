"""What everybody may see and change of their own: where they are signed in, and their second factor."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.actors import back_office_actor
from accounts.back_office import add_second_factor, end_staff_sessions, live_staff_sessions
from accounts.models import StaffSession
from accounts.second_factor import (
    backup_codes_left,
    begun_second_factor,
    confirm_second_factor,
    give_up_second_factor,
    new_backup_codes,
    second_factor_of,
)
from accounts.services import end_one_session
from accounts.sessions import live_app_sessions
from backoffice.sign_in.forms import CodeForm
from backoffice.sign_in.views import Context, backup_codes_once, proof_of, shown_of
from core.errors import DomainError

SECOND_FACTOR = "admin:my_second_factor"
SESSIONS = "admin:my_sessions"


def my_sessions(request: HttpRequest, context: Context) -> HttpResponse:
    """Where I am signed in."""
    shown = {
        "title": "Where you are signed in",
        "staff_sessions": live_staff_sessions(request.user),  # type: ignore[arg-type]
        "app_sessions": live_app_sessions(request.user),  # type: ignore[arg-type]
        "own_key": request.session.session_key,
    }
    return render(request, "admin/sign_in/my_sessions.html", context | shown)


def end_my_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out at one other place."""
    try:
        end_one_session(by=back_office_actor(request.user), user=request.user, session_id=session_id)  # type: ignore[arg-type]
        messages.success(request, "Signed out there.")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect(SESSIONS)


def end_my_others(request: HttpRequest) -> HttpResponse:
    """Sign out of the back office everywhere but here."""
    mine = StaffSession.objects.filter(user=request.user.pk)
    ended = end_staff_sessions(mine.exclude(session_key=request.session.session_key))
    messages.success(request, f"Signed out at {ended} other place{'' if ended == 1 else 's'}.")
    return redirect(SESSIONS)


def my_second_factor(request: HttpRequest, context: Context) -> HttpResponse:
    """My second factor: to be set up, or what there is of it."""
    user: Any = request.user
    device = second_factor_of(user)
    if device is None:
        return _set_up(request, context)
    shown = {"title": "Your second factor", "device": device, "codes_left": backup_codes_left(user)}
    shown["required"] = settings.STAFF_TOTP_REQUIRED
    return render(request, "admin/sign_in/my_second_factor.html", context | shown | {"form": CodeForm()})


def make_backup_codes(request: HttpRequest, context: Context) -> HttpResponse:
    """New backup codes for whoever types a code of the app."""
    user: Any = request.user
    form = CodeForm(request.POST)
    codes = proof_of(form, lambda code: new_backup_codes(user, code))
    if codes is None:
        return _refused(request, form)
    return backup_codes_once(request, context, codes, goal="")


def give_up(request: HttpRequest) -> HttpResponse:
    """No second factor any more, where it is not required."""
    user: Any = request.user
    form = CodeForm(request.POST)
    if not proof_of(form, lambda code: give_up_second_factor(user, code) or True):
        return _refused(request, form)
    messages.success(request, "You sign in with your password alone now.")
    return redirect(SECOND_FACTOR)


def _set_up(request: HttpRequest, context: Context) -> HttpResponse:
    user: Any = request.user
    try:
        begun = begun_second_factor(user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(SECOND_FACTOR)
    form = CodeForm(request.POST or None)
    proved = proof_of(form, lambda code: confirm_second_factor(user, code))
    if proved is None:
        return render(request, "admin/sign_in/set_up.html", context | shown_of(begun) | {"form": form})
    device, backup_codes = proved
    add_second_factor(request, device)
    return backup_codes_once(request, context, backup_codes, goal="")


def _refused(request: HttpRequest, form: CodeForm) -> HttpResponse:
    problem = next(iter(form.errors.values()))[0]
    messages.error(request, f"Nothing changed: {problem}")
    return redirect(SECOND_FACTOR)
