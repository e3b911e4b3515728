"""One-time passwords: issuing one, and redeeming it for a session.

Nothing here knows how a password travels: accounts lie below notifications, so that app's `send_otp` asks here for a
code and records its text in the same transaction. What is kept is a keyed hash, bound to one phone and one challenge.
"""

import hashlib
import hmac
import logging
import math
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import OtpChallenge, Role, Session
from accounts.phones import masked_phone
from accounts.services import get_or_create_user
from accounts.sessions import open_session
from accounts.tokens import Tokens
from core.database import advisory_lock
from core.errors import DomainError, TooManyRequests, Unauthenticated

logger = logging.getLogger(__name__)

LIFETIME = timedelta(minutes=5)
TRIES = 5
PAUSE, HOUR, DAY = timedelta(seconds=30), timedelta(hours=1), timedelta(days=1)
SWEEP = 100  # rows

WRONG = "Invalid OTP"
EXPIRED = "OTP expired"
NOT_FOUND = "OTP expired or not found"


@transaction.atomic
def issue_otp(*, phone: str, address: str) -> tuple[OtpChallenge, str]:
    """A new code for a phone (E.164), which voids the one before; `address` is where the request came from.

    Known and unknown phones are treated alike. Raises TooManyRequests.
    """
    advisory_lock(f"otp to {phone}", f"otp from {address}")
    now = timezone.now()
    if settings.OTP_SENDING_LIMITS:
        _must_not_be_too_soon(phone, address, now)
    OtpChallenge.objects.filter(phone=phone, closed_at=None).update(closed_at=now)
    challenge = OtpChallenge(phone=phone, address=address, created_at=now, expires_at=now + LIFETIME)
    code = settings.OTP_FIXED_CODE or f"{secrets.randbelow(10**6):06d}"
    challenge.code_hash = _keyed_hash(challenge, code)
    challenge.save(force_insert=True)
    _forget_old_ones(now)
    return challenge, code


def redeem_otp(*, phone: str, code: str) -> tuple[Session, Tokens]:
    """Open a session for whoever knows the code sent to `phone`; the first time makes a user, who is a FARMER.

    Raises Unauthenticated for a code that expired, was used, replaced, or tried wrongly TRIES times; DomainError for a
    wrong one. After the last try the right code reads like a wrong one, and like no code: nothing tells them apart.
    A deactivated user's code is always wrong.
    """
    challenge = _one_try(phone)
    if not hmac.compare_digest(challenge.code_hash, _keyed_hash(challenge, code)):
        logger.info("Wrong OTP for %s", masked_phone(phone))
        raise DomainError(WRONG)
    return _sign_in(challenge)


def _must_not_be_too_soon(phone: str, address: str, now: datetime) -> None:
    to_phone = OtpChallenge.objects.filter(phone=phone)
    wait = max(
        _until_allowed(to_phone, 1, PAUSE, now),
        _until_allowed(to_phone, 5, HOUR, now),
        # Five guesses at a time add up: without this, someone patient enters one account in five within a year.
        _until_allowed(to_phone.filter(attempts=TRIES), 10, DAY, now),
        _until_allowed(OtpChallenge.objects.filter(address=address), 20, HOUR, now),
    )
    if wait > timedelta(0):
        raise TooManyRequests("Too many requests", retry_after=math.ceil(wait.total_seconds()))


def _until_allowed(sent: QuerySet[OtpChallenge], limit: int, period: timedelta, now: datetime) -> timedelta:
    """How long until fewer than `limit` were sent within `period`."""
    decisive = sent.order_by("-created_at").values_list("created_at", flat=True)[limit - 1 : limit].first()
    return timedelta(0) if decisive is None else min(decisive + period - now, period)


def _one_try(phone: str) -> OtpChallenge:
    """The open challenge of a phone, with one more try counted before anything is compared."""
    challenge = OtpChallenge.objects.filter(phone=phone, closed_at=None).first()
    if challenge is None:
        raise Unauthenticated(NOT_FOUND)
    if challenge.expires_at <= timezone.now():
        raise Unauthenticated(EXPIRED)
    # Durable: a try must stay counted when the answer is no and the request's own work is undone.
    with transaction.atomic(durable=True):
        open_ones = OtpChallenge.objects.filter(pk=challenge.pk, closed_at=None, attempts__lt=TRIES)
        if not open_ones.update(attempts=F("attempts") + 1):
            raise Unauthenticated(NOT_FOUND)
    return challenge


@transaction.atomic
def _sign_in(challenge: OtpChallenge) -> tuple[Session, Tokens]:
    now = timezone.now()
    if not OtpChallenge.objects.filter(pk=challenge.pk, closed_at=None).update(closed_at=now):
        raise Unauthenticated(NOT_FOUND)
    user = get_or_create_user(phone=challenge.phone, role=Role.FARMER)
    if not user.is_active:
        logger.info("OTP of deactivated user %s", masked_phone(user.phone))
        raise DomainError(WRONG)
    user.last_login = now
    user.save(update_fields=["last_login"])
    return open_session(user)


def _keyed_hash(challenge: OtpChallenge, code: str) -> str:
    bound = f"{challenge.pk}:{challenge.phone}:{code}"
    return hmac.new(settings.OTP_PEPPER.encode(), bound.encode(), hashlib.sha256).hexdigest()


def _forget_old_ones(now: datetime) -> None:
    old = OtpChallenge.objects.filter(created_at__lt=now - DAY).order_by("created_at")
    # Skipping what others are forgetting at this moment: nobody waits, nobody deadlocks.
    swept = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:SWEEP])
    OtpChallenge.objects.filter(pk__in=swept).delete()
