"""Who has shown the password and not yet the second factor. Until then nobody is signed in: no page needs to ask."""

import time

from django.http import HttpRequest

from accounts.models import User

KEY = "signing_in"
LIFETIME = 10 * 60  # seconds


def begin(request: HttpRequest, user: User, goal: str) -> None:
    """Remember who showed the password, and where they want to go, in a session of a new key."""
    request.session.flush()
    said = {"user": str(user.pk), "password": user.get_session_auth_hash(), "at": time.time(), "goal": goal}
    request.session[KEY] = said


def pending_user(request: HttpRequest) -> User | None:
    """Whoever is between the two steps, still may be, and has not taken too long."""
    said = request.session.get(KEY)
    if said is None or time.time() - said["at"] > LIFETIME:
        return None
    user = User.objects.filter(pk=said["user"], is_active=True, is_staff=True).first()
    return user if user and user.get_session_auth_hash() == said["password"] else None


def goal_of(request: HttpRequest) -> str:
    """Where they wanted to go; forgets it all."""
    return request.session.pop(KEY)["goal"]
