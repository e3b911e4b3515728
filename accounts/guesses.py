"""Guessing passwords of staff: how often one may try, from one place and for one phone."""

import math

from django.conf import settings

from accounts.models import User
from accounts.phones import canonical_phone
from core.errors import Invalid, TooManyRequests
from core.limits import Usage, count_within

QUARTER = 15  # minutes


def count_try(*, phone: str, address: str) -> None:
    """One more try to sign in, right or wrong. Raises TooManyRequests, before any password is looked at.

    Whoever signs in at last starts anew: the tries for a phone are counted from the last sign-in on. Without Redis
    each process counts for itself.
    """
    _must_be_within(_counted("address", address))
    try:
        canonical = canonical_phone(phone)
    except Invalid:
        return  # nobody's
    # Asked for known and unknown phones alike, so that the time tells nothing.
    last = User.objects.filter(phone=canonical).values_list("last_login", flat=True).first()
    _must_be_within(_counted("phone", f"{canonical} since {last}"))


def _counted(kind: str, key: str) -> Usage:
    return count_within(f"sign-in by {kind}", key, limit=settings.SIGN_IN_TRIES[kind], minutes=QUARTER)


def _must_be_within(usage: Usage) -> None:
    if usage.is_exceeded:
        minutes = math.ceil(usage.reset / 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooManyRequests(f"Too many tries. Wait {wait}, then try again.", retry_after=usage.reset)
