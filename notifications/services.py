"""Write the SMS outbox and push tokens."""

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
from notifications.choices import Queue, SmsStatus
from notifications.encryption import encrypt
from notifications.models import PushToken, SmsMessage

logger = logging.getLogger(__name__)

NOTIFICATION_LIFETIME = timedelta(hours=72)
WAKE_UP_CHANNEL = "sms_outbox"
MAX_ERROR = 500


@dataclass(frozen=True)
class Notification:
    """Describe one SMS text about one event for one recipient."""

    event: str
    recipient: User
    text: str


@dataclass(frozen=True)
class Related:
    """Identify the object of a notification: type (ORDER, LEASE), id, and the `occasion` that separates its events."""

    type: str
    id: UUID
    occasion: str


def notify(notifications: Iterable[Notification], *, about: Related) -> list[SmsMessage]:
    """Record SMS messages in the running transaction; workers deliver them after its commit.

    There is one message per event, recipient and occasion: a repetition changes nothing.
    """
    expires_at = timezone.now() + NOTIFICATION_LIFETIME
    rows = [
        SmsMessage(
            event=notification.event,
            dedupe_key=f"{notification.event}:{about.id}:{about.occasion}:{notification.recipient.pk}",
            recipient=notification.recipient,
            to=notification.recipient.phone,
            text=notification.text,
            related_type=about.type,
            related_id=about.id,
            correlation_id=correlation_id(),
            expires_at=expires_at,
        )
        for notification in notifications
    ]
    return _record(rows, Queue.NOTICES)


def send_secret(*, event: str, phone: str, text: str, shown: str, key: str, lifetime: timedelta) -> SmsMessage:
    """Record an SMS message that holds a secret: encrypted until it is sent, stored as `shown` afterwards.

    It uses the queue of one-time passwords and expires after `lifetime`.
    """
    row = SmsMessage(
        event=event,
        dedupe_key=f"{event}:{key}",
        queue=Queue.OTP,
        to=phone,
        text=shown,
        encrypted_text=encrypt(text),
        correlation_id=correlation_id(),
        expires_at=timezone.now() + lifetime,
    )
    return _record([row], Queue.OTP)[0]


@transaction.atomic
def resend(message: SmsMessage, *, by: Actor) -> SmsMessage:
    """Queue a failed message again for NOTIFICATION_LIFETIME. Raises Forbidden; DomainError if it has not failed."""
    must_be_admin(by)
    message = SmsMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.status != SmsStatus.FAILED:
        raise DomainError("Only an SMS that failed can be sent again")
    if message.is_secret:
        raise DomainError("A one-time password cannot be sent again; a new one can be asked for")
    now = timezone.now()
    message.status = SmsStatus.PENDING
    message.tries, message.error, message.provider_message_id, message.sent_at = 0, "", "", None
    message.next_try_at, message.expires_at = now, now + NOTIFICATION_LIFETIME
    message.save()
    wake_workers(message.queue)
    return message


def record_delivery_report(*, provider_message_id: str, is_delivered: bool, error: str = "") -> bool:
    """Record the provider's final report about an accepted message. Return whether it changed anything.

    The first final report counts: later ones, and those about unknown messages, change nothing.
    """
    changed = SmsMessage.objects.awaiting_receipt(provider_message_id).update(
        status=SmsStatus.DELIVERED if is_delivered else SmsStatus.FAILED,
        error="" if is_delivered else error[:MAX_ERROR],
        updated_at=timezone.now(),
    )
    if not changed and not SmsMessage.objects.filter(provider_message_id=provider_message_id).exists():
        logger.warning("Delivery report for an unknown SMS: %s", provider_message_id)
    return bool(changed)


@transaction.atomic
def save_push_token(*, by: Actor, platform: str, token: str) -> tuple[PushToken, bool]:
    """Store the push token of a user's phone, removing it from other users. Return the row and whether it is new."""
    # A phone with a new owner must not show the former owner's messages.
    PushToken.objects.filter(token=token).exclude(user=by.user, platform=platform).delete()
    return PushToken.objects.update_or_create(user=by.user, platform=platform, defaults={"token": token})


def _record(rows: list[SmsMessage], queue: str) -> list[SmsMessage]:
    SmsMessage.objects.bulk_create(rows, ignore_conflicts=True)
    wake_workers(queue)
    return rows


def suppress_pending(correlation: str) -> int:
    """Mark pending messages with this correlation id as LOGGED instead of sending them. Return their number."""
    waiting = SmsMessage.objects.filter(status=SmsStatus.PENDING, correlation_id=correlation)
    return waiting.update(status=SmsStatus.LOGGED, updated_at=timezone.now())


def wake_workers(queue: str) -> None:
    """Notify the workers of a queue after the running transaction commits."""
    pg_notify.notify(WAKE_UP_CHANNEL, queue)
