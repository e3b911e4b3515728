"""Who is logged in to the back office, where Django keeps the sessions."""

from collections.abc import Collection

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User


def staff_behind(session_keys: Collection[str]) -> dict[str, User]:
    """The active members of staff who are logged in by these session cookies, by cookie, found with two queries.

    Logging out, the end of a session, a new password, and losing the right to the back office end it at once.
    """
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    logins = {row.session_key: row.get_decoded() for row in rows}
    ids = {login[SESSION_KEY] for login in logins.values() if SESSION_KEY in login}
    staff = {str(user.pk): user for user in User.objects.filter(pk__in=ids, is_active=True, is_staff=True)}
    found = {key: (staff.get(login.get(SESSION_KEY, "")), login) for key, login in logins.items()}
    return {key: user for key, (user, login) in found.items() if user and _has_password_of_then(user, login)}


def _has_password_of_then(user: User, login: dict[str, str]) -> bool:
    return constant_time_compare(login.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
