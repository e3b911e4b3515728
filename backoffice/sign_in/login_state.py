"""State of a login between the password and the second factor. Until then no user is logged in."""

import time

from django.http import HttpRequest

from accounts.models import User

KEY = "signing_in"
LIFETIME = 10 * 60  # seconds


def start_login(request: HttpRequest, user: User, next_url: str) -> None:
    """Store the user whose password was verified, and where to go after the login, in a new session."""
    request.session.flush()
    request.session[KEY] = {
        "user": str(user.pk),
        "password": user.get_session_auth_hash(),
        "at": time.time(),
        "next_url": next_url,
    }


def pending_user(request: HttpRequest) -> User | None:
    """Return the user whose password was verified; None after LIFETIME, or if they may not sign in any more."""
    state = request.session.get(KEY)
    if state is None or time.time() - state["at"] > LIFETIME:
        return None
    user = User.objects.filter(pk=state["user"], is_active=True, is_staff=True).first()
    return user if user and user.get_session_auth_hash() == state["password"] else None


def finish_login(request: HttpRequest) -> str:
    """Delete the state and return the URL to go to."""
    return request.session.pop(KEY)["next_url"]
