"""One-time passwords: issued, and redeemed for a session.

Sending is not done here: accounts lie below notifications, whose `send_otp` gets a code here and stores the SMS message
in the same transaction. Only a keyed hash of the code is stored, bound to one phone and one challenge.
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
MAX_ATTEMPTS = 5
RESEND_INTERVAL, HOUR, DAY = timedelta(seconds=30), timedelta(hours=1), timedelta(days=1)
CLEANUP_BATCH = 100  # rows

WRONG_CODE = "Invalid OTP"
EXPIRED = "OTP expired"
NOT_FOUND = "OTP expired or not found"
TOO_MANY_REQUESTS = "Too many requests"


@transaction.atomic
def issue_otp(*, phone: str, address: str) -> tuple[OtpChallenge, str]:
    """Create a code for a phone (E.164), which voids the one before; `address` is the client's IP address.

    Known and unknown phones are treated alike. Raises TooManyRequests.
    """
    advisory_lock(f"otp to {phone}", f"otp from {address}")
    now = timezone.now()
    if settings.OTP_SENDING_LIMITS:
        _check_rate(phone, address, now)
    OtpChallenge.objects.filter(phone=phone, closed_at=None).update(closed_at=now)
    challenge = OtpChallenge(phone=phone, address=address, created_at=now, expires_at=now + LIFETIME)
    code = settings.OTP_FIXED_CODE or f"{secrets.randbelow(10**6):06d}"
    challenge.code_hash = _keyed_hash(challenge, code)
    challenge.save(force_insert=True)
    _delete_old_challenges(now)
    return challenge, code


def redeem_otp(*, phone: str, code: str) -> tuple[Session, Tokens]:
    """Open a session for the code sent to `phone`. The first login creates the user, as a FARMER.

    Raises Unauthenticated if the code has expired, or was used, replaced or tried wrongly MAX_ATTEMPTS times;
    DomainError if it is wrong. After the last attempt a right code is answered like a wrong one and like no code.
    A deactivated user's code is always wrong.
    """
    challenge = _count_attempt(phone)
    if not hmac.compare_digest(challenge.code_hash, _keyed_hash(challenge, code)):
        logger.info("Wrong OTP for %s", masked_phone(phone))
        raise DomainError(WRONG_CODE)
    return _sign_in(challenge)


def _check_rate(phone: str, address: str, now: datetime) -> None:
    to_phone = OtpChallenge.objects.filter(phone=phone)
    wait = max(
        _wait(to_phone, 1, RESEND_INTERVAL, now),
        _wait(to_phone, 5, HOUR, now),
        # Without this limit, five guesses per code would open one account in five within a year.
        _wait(to_phone.filter(attempts=MAX_ATTEMPTS), 10, DAY, now),
        _wait(OtpChallenge.objects.filter(address=address), 20, HOUR, now),
    )
    if wait > timedelta(0):
        raise TooManyRequests(TOO_MANY_REQUESTS, retry_after=math.ceil(wait.total_seconds()))


def _wait(sent: QuerySet[OtpChallenge], limit: int, period: timedelta, now: datetime) -> timedelta:
    """Return the time until fewer than `limit` codes were sent within `period`."""
    decisive = sent.order_by("-created_at").values_list("created_at", flat=True)[limit - 1 : limit].first()
    return timedelta(0) if decisive is None else min(decisive + period - now, period)


def _count_attempt(phone: str) -> OtpChallenge:
    """Return the open challenge of a phone, after counting one more attempt. Raises Unauthenticated."""
    challenge = OtpChallenge.objects.filter(phone=phone, closed_at=None).first()
    if challenge is None:
        raise Unauthenticated(NOT_FOUND)
    if challenge.expires_at <= timezone.now():
        raise Unauthenticated(EXPIRED)
    # Durable: the attempt must stay counted when the code is wrong and the request is rolled back.
    with transaction.atomic(durable=True):
        is_open = OtpChallenge.objects.filter(pk=challenge.pk, closed_at=None, attempts__lt=MAX_ATTEMPTS)
        if not is_open.update(attempts=F("attempts") + 1):
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
        raise DomainError(WRONG_CODE)
    user.last_login = now
    user.save(update_fields=["last_login"])
    return open_session(user)


def _keyed_hash(challenge: OtpChallenge, code: str) -> str:
    bound = f"{challenge.pk}:{challenge.phone}:{code}"
    return hmac.new(settings.OTP_PEPPER.encode(), bound.encode(), hashlib.sha256).hexdigest()


def _delete_old_challenges(now: datetime) -> None:
    old = OtpChallenge.objects.filter(created_at__lt=now - DAY).order_by("created_at")
    # Skips rows that another request is deleting, so that requests neither wait nor deadlock.
    batch = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:CLEANUP_BATCH])
    OtpChallenge.objects.filter(pk__in=batch).delete()
