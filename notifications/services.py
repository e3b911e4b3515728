"""What writes the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.correlation import correlation_id
from notifications.models import SmsMessage
from notifications.sealing import seal

NOTICE_LIFETIME = timedelta(hours=72)
WAKE_UP_CHANNEL = "sms_outbox"


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
        sealed_text=seal(text),
        correlation_id=correlation_id(),
        expires_at=timezone.now() + lifetime,
    )
    return _record([row], SmsMessage.Queue.OTP)[0]


def _record(rows: list[SmsMessage], queue: str) -> list[SmsMessage]:
    SmsMessage.objects.bulk_create(rows, ignore_conflicts=True)
    _wake_workers(queue)
    return rows


def _wake_workers(queue: str) -> None:
    # PostgreSQL passes this on at commit and drops it on rollback; no broker is asked inside a request.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_UP_CHANNEL, queue])
