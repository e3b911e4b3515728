"""Back-office sessions of staff, kept beside Django's own sessions: opened, listed, checked and ended here."""

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
from django_otp import login as mark_verified
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.browsers import browser_of
from accounts.models import StaffSession, User
from accounts.second_factor import second_factor_of
from core.addresses import UNKNOWN, client_address

BACKEND = "django.contrib.auth.backends.ModelBackend"
STAFF_SESSION_KEY = "staff_session"
"""Key in Django's session that holds the id of the `StaffSession`."""
TOUCH_SECONDS = 60


def sign_in(request: HttpRequest, user: User, device: Device | None) -> None:
    """Log a user in to the back office and store the session. `device` is the second factor that was verified, if any.

    The caller has checked the password and, where one is required, the second factor.
    """
    login(request, user, backend=BACKEND)
    if device is not None:
        mark_verified(request, device)
    if request.session.session_key is None:
        request.session.save()
    _delete_dead_sessions(user)
    address = client_address(request)
    now = timezone.now()
    values = {
        "user": user,
        "browser": browser_of(request.headers.get("User-Agent", "")),
        "address": None if address == UNKNOWN else address,
        "signed_in_at": now,
        "last_seen_at": now,
    }
    # Signing in again in the same browser keeps the key.
    session, _ = StaffSession.objects.update_or_create(session_key=request.session.session_key, defaults=values)
    request.session[STAFF_SESSION_KEY] = str(session.pk)


def add_second_factor(request: HttpRequest, device: Device) -> None:
    """Mark the session as verified by a second factor just set up, and end the user's other back-office sessions."""
    mark_verified(request, device)
    others = StaffSession.objects.filter(user=request.user.pk).exclude(session_key=request.session.session_key)
    end_staff_sessions(others)


def touch_last_seen(request: HttpRequest) -> None:
    """Store when a session was last used, at most once a minute, and its key, which changes with the password."""
    key, session_id = request.session.session_key, request.session.get(STAFF_SESSION_KEY)
    if session_id and cache.add(f"seen-{session_id}-{str(key)[:6]}", 1, TOUCH_SECONDS):
        StaffSession.objects.filter(pk=session_id).update(last_seen_at=timezone.now(), session_key=key)


def live_staff_sessions(user: User) -> list[StaffSession]:
    """List the back-office sessions in which a user is signed in now, the last used first."""
    stored = list(StaffSession.objects.filter(user=user))
    alive = staff_for_session_keys({row.session_key for row in stored})
    return [row for row in stored if row.session_key in alive]


@transaction.atomic
def end_staff_sessions(sessions: QuerySet[StaffSession]) -> int:
    """End sessions: pages at the next request, live feeds within seconds. Return how many were ended."""
    keys = list(sessions.values_list("session_key", flat=True))
    sessions.delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


def is_verified(user: Any) -> bool:
    """Return whether the user of a request has passed the second factor, or needs none."""
    if getattr(user, "otp_device", None) is not None:
        return True
    if settings.STAFF_TOTP_REQUIRED:
        return False
    if not hasattr(user, "needs_second_factor"):  # asked several times for one page
        user.needs_second_factor = second_factor_of(user) is not None
    return not user.needs_second_factor


def staff_for_session_keys(session_keys: Collection[str]) -> dict[str, User]:
    """Map session keys to the active staff signed in with them, with two queries.

    Keys are missing from the result after signing out, after expiry, after a change of password, without the second
    factor, and when the user is no longer active staff.
    """
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    logins = {row.session_key: row.get_decoded() for row in rows}
    ids = {login[SESSION_KEY] for login in logins.values() if SESSION_KEY in login}
    staff = {str(user.pk): user for user in _with_devices().filter(pk__in=ids, is_active=True, is_staff=True)}
    found = {key: (staff.get(login.get(SESSION_KEY, "")), login) for key, login in logins.items()}
    return {key: user for key, (user, login) in found.items() if user and _is_valid(user, login)}


def _with_devices() -> QuerySet[User]:
    def ids(kind: type[Device]) -> ArraySubquery:
        return ArraySubquery(kind.objects.filter(user=OuterRef("pk"), confirmed=True).values("pk"))

    return User.objects.annotate(totp_ids=ids(TOTPDevice), backup_ids=ids(StaticDevice))


def _is_valid(user: User, login: dict[str, str]) -> bool:
    return _has_same_password(user, login) and _has_passed_second_factor(user, login)


def _has_same_password(user: User, login: dict[str, str]) -> bool:
    return constant_time_compare(login.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _has_passed_second_factor(user: Any, login: dict[str, str]) -> bool:
    if not user.totp_ids and not settings.STAFF_TOTP_REQUIRED:
        return True
    own = {f"{TOTPDevice.model_label()}/{pk}" for pk in user.totp_ids}
    own |= {f"{StaticDevice.model_label()}/{pk}" for pk in user.backup_ids}
    return login.get(DEVICE_ID_SESSION_KEY) in own


def _delete_dead_sessions(user: User) -> None:
    alive = {row.pk for row in live_staff_sessions(user)}
    StaffSession.objects.filter(user=user).exclude(pk__in=alive).delete()
