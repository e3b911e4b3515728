"""Limit password attempts at the back office, per network address and per phone."""

import math

from django.conf import settings

from accounts.models import User
from accounts.phones import canonical_phone
from core.errors import Invalid, TooManyRequests
from core.limits import Usage, count_within

WINDOW = 15  # minutes


def check_login_rate(*, phone: str, address: str) -> None:
    """Count one attempt to sign in, before the password is checked. Raises TooManyRequests above either limit.

    Counts attempts and not failures: a failure is known only after the password was checked, when parallel attempts
    have already passed. A successful sign-in starts a new count for its phone.
    """
    _check(_count("address", address))
    try:
        canonical = canonical_phone(phone)
    except Invalid:
        return  # no user has such a phone
    # Queried for known and unknown phones alike, so that response times do not tell them apart.
    last = User.objects.filter(phone=canonical).values_list("last_login", flat=True).first()
    _check(_count("phone", f"{canonical} since {last}"))


def _count(kind: str, key: str) -> Usage:
    return count_within(f"sign-in by {kind}", key, limit=settings.SIGN_IN_TRIES[kind], minutes=WINDOW)


def _check(usage: Usage) -> None:
    if usage.is_exceeded:
        minutes = math.ceil(usage.reset / 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooManyRequests(f"Too many tries. Wait {wait}, then try again.", retry_after=usage.reset)
