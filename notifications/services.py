"""What writes the outbox, and the phones that take push messages."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor, must_be_admin
from accounts.models import User
from core import pg_notify
from core.correlation import correlation_id
from core.errors import DomainError
from notifications.encryption import encrypt
from notifications.models import PushToken, SmsMessage

logger = logging.getLogger(__name__)

NOTICE_LIFETIME = timedelta(hours=72)
WAKE_UP_CHANNEL = "sms_outbox"
MAX_ERROR = 500


@dataclass(frozen=True)
class Notice:
    """One text for one person about one thing that happened."""

    event: str
    recipient: User
    text: str


@dataclass(frozen=True)
class Related:
    """What a notice is about: its type (ORDER, LEASE) and id; `occasion` tells two happenings of one thing apart."""

    type: str
    id: UUID
    occasion: str


def notify(notices: Iterable[Notice], *, about: Related) -> list[SmsMessage]:
    """Record texts in the running transaction; workers deliver them after its commit.

    One text per event, person and occasion: telling twice changes nothing.
    """
    expires_at = timezone.now() + NOTICE_LIFETIME
    rows = [
        SmsMessage(
            event=notice.event,
            dedupe_key=f"{notice.event}:{about.id}:{about.occasion}:{notice.recipient.pk}",
            recipient=notice.recipient,
            to=notice.recipient.phone,
            text=notice.text,
            related_type=about.type,
            related_id=about.id,
            correlation_id=correlation_id(),
            expires_at=expires_at,
        )
        for notice in notices
    ]
    return _record(rows, SmsMessage.Queue.NOTICES)


def send_secret(*, event: str, phone: str, text: str, shown: str, key: str, lifetime: timedelta) -> SmsMessage:
    """Record a text that holds a secret: encrypted until it is sent, kept as `shown` afterwards.

    It goes by the queue of one-time passwords and is given up after `lifetime`.
    """
    row = SmsMessage(
        event=event,
        dedupe_key=f"{event}:{key}",
        queue=SmsMessage.Queue.OTP,
        to=phone,
        text=shown,
        encrypted_text=encrypt(text),
        correlation_id=correlation_id(),
        expires_at=timezone.now() + lifetime,
    )
    return _record([row], SmsMessage.Queue.OTP)[0]


@transaction.atomic
def send_again(message: SmsMessage, *, by: Actor) -> SmsMessage:
    """Give a text that failed another NOTICE_LIFETIME. Raises Forbidden, DomainError for any other text."""
    must_be_admin(by)
    message = SmsMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.status != SmsMessage.Status.FAILED:
        raise DomainError("Only an SMS that failed can be sent again")
    if message.is_secret:
        raise DomainError("A one-time password cannot be sent again; a new one can be asked for")
    now = timezone.now()
    message.status = SmsMessage.Status.PENDING
    message.tries, message.error, message.provider_message_id, message.sent_at = 0, "", "", None
    message.next_try_at, message.expires_at = now, now + NOTICE_LIFETIME
    message.save()
    wake_workers(message.queue)
    return message


def record_receipt(*, provider_message_id: str, is_delivered: bool, error: str = "") -> bool:
    """Note what the provider reports of a text it took; answers whether that changed anything.

    A first final report stands: later ones, and those about texts we do not know, change nothing.
    """
    Status = SmsMessage.Status
    changed = SmsMessage.objects.awaiting_receipt(provider_message_id).update(
        status=Status.DELIVERED if is_delivered else Status.FAILED,
        error="" if is_delivered else error[:MAX_ERROR],
        updated_at=timezone.now(),
    )
    if not changed and not SmsMessage.objects.filter(provider_message_id=provider_message_id).exists():
        logger.warning("The provider reports on an SMS that nobody knows: %s", provider_message_id)
    return bool(changed)


@transaction.atomic
def keep_push_token(*, by: Actor, platform: str, token: str) -> tuple[PushToken, bool]:
    """Reach this user's phone by this token from now on, and nobody else's; answers the row and whether it is new."""
    # A phone that changed hands must not show the former owner's messages.
    PushToken.objects.filter(token=token).exclude(user=by.user, platform=platform).delete()
    return PushToken.objects.update_or_create(user=by.user, platform=platform, defaults={"token": token})


def _record(rows: list[SmsMessage], queue: str) -> list[SmsMessage]:
    SmsMessage.objects.bulk_create(rows, ignore_conflicts=True)
    wake_workers(queue)
    return rows


def keep_from_sending(correlation: str) -> int:
    """Nobody gets the waiting texts with this correlation id: they count as LOGGED. Answers how many there are."""
    waiting = SmsMessage.objects.filter(status=SmsMessage.Status.PENDING, correlation_id=correlation)
    return waiting.update(status=SmsMessage.Status.LOGGED, updated_at=timezone.now())


def wake_workers(queue: str) -> None:
    """Have a queue's workers look for texts once the running transaction has committed."""
    pg_notify.notify(WAKE_UP_CHANNEL, queue)
