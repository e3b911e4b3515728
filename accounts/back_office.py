"""Who is signed in to the back office, where Django keeps the sessions, and from where."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as remember_second_factor
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.browsers import browser_of
from accounts.models import StaffSession, User
from accounts.second_factor import second_factor_of
from core.addresses import UNKNOWN, client_address

BACKEND = "django.contrib.auth.backends.ModelBackend"
LISTED = "staff_session"
"""The name in Django's session under which stands the id of ours."""
SEEN_SECONDS = 60


def sign_in(request: HttpRequest, user: User, device: Device | None) -> None:
    """Open the back office to whoever has shown all that is asked for, and list it among the user's sessions."""
    login(request, user, backend=BACKEND)
    if device is not None:
        remember_second_factor(request, device)
    if request.session.session_key is None:
        request.session.save()
    _forget_dead_ones(user)
    address = client_address(request)
    now = timezone.now()
    said = {
        "user": user,
        "browser": browser_of(request.headers.get("User-Agent", "")),
        "address": None if address == UNKNOWN else address,
        "signed_in_at": now,
        "last_seen_at": now,
    }
    # Signing in again in the same browser keeps the key.
    listed, _ = StaffSession.objects.update_or_create(session_key=request.session.session_key, defaults=said)
    request.session[LISTED] = str(listed.pk)


def add_second_factor(request: HttpRequest, device: Device) -> None:
    """The session of whoever has just set up a second factor goes on; the user's others have not shown it and end."""
    remember_second_factor(request, device)
    others = StaffSession.objects.filter(user=request.user.pk).exclude(session_key=request.session.session_key)
    end_staff_sessions(others)


def note_seen(request: HttpRequest) -> None:
    """Remember that a session is in use, at most once a minute; its key may have changed with the password."""
    key, listed = request.session.session_key, request.session.get(LISTED)
    if listed and cache.add(f"seen-{listed}-{str(key)[:6]}", 1, SEEN_SECONDS):
        StaffSession.objects.filter(pk=listed).update(last_seen_at=timezone.now(), session_key=key)


def live_staff_sessions(user: User) -> list[StaffSession]:
    """Where this user is signed in to the back office now, the one used last first."""
    listed = list(StaffSession.objects.filter(user=user))
    alive = staff_behind({row.session_key for row in listed})
    return [row for row in listed if row.session_key in alive]


@transaction.atomic
def end_staff_sessions(sessions: QuerySet[StaffSession]) -> int:
    """Sign out at once, wherever that is: pages at the next click, live feeds within seconds. Answers how many."""
    keys = list(sessions.values_list("session_key", flat=True))
    sessions.delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


def has_shown_enough(user: Any) -> bool:
    """Whether the user of a request has shown the second factor, or need not: being signed in alone does not say so."""
    if getattr(user, "otp_device", None) is not None:
        return True
    if settings.STAFF_TOTP_REQUIRED:
        return False
    if not hasattr(user, "needs_second_factor"):  # asked several times on the way to one page
        user.needs_second_factor = second_factor_of(user) is not None
    return not user.needs_second_factor


def staff_behind(session_keys: Collection[str]) -> dict[str, User]:
    """The active members of staff who are signed in by these session cookies, by cookie, found with two queries.

    Signing out, the end of a session, a new password, a second factor that was not shown, and losing the right to the
    back office end it at once.
    """
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    logins = {row.session_key: row.get_decoded() for row in rows}
    ids = {login[SESSION_KEY] for login in logins.values() if SESSION_KEY in login}
    staff = {str(user.pk): user for user in _with_devices().filter(pk__in=ids, is_active=True, is_staff=True)}
    found = {key: (staff.get(login.get(SESSION_KEY, "")), login) for key, login in logins.items()}
    return {key: user for key, (user, login) in found.items() if user and _is_still_good(user, login)}


def _with_devices() -> QuerySet[User]:
    def ids(kind: type[Device]) -> ArraySubquery:
        return ArraySubquery(kind.objects.filter(user=OuterRef("pk"), confirmed=True).values("pk"))

    return User.objects.annotate(totp_ids=ids(TOTPDevice), backup_ids=ids(StaticDevice))


def _is_still_good(user: Any, login: dict[str, str]) -> bool:
    return _has_password_of_then(user, login) and _has_shown_second_factor(user, login)


def _has_password_of_then(user: User, login: dict[str, str]) -> bool:
    return constant_time_compare(login.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _has_shown_second_factor(user: Any, login: dict[str, str]) -> bool:
    if not user.totp_ids and not settings.STAFF_TOTP_REQUIRED:
        return True
    own = {f"{TOTPDevice.model_label()}/{pk}" for pk in user.totp_ids}
    own |= {f"{StaticDevice.model_label()}/{pk}" for pk in user.backup_ids}
    return login.get(DEVICE_ID_SESSION_KEY) in own


def _forget_dead_ones(user: User) -> None:
    alive = {row.pk for row in live_staff_sessions(user)}
    StaffSession.objects.filter(user=user).exclude(pk__in=alive).delete()
