"""Query SMS messages."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.database import Row, uuid_of
from notifications.choices import SmsStatus


class SmsMessageQuerySet(models.QuerySet[Row]):
    def waiting(self, queue: str) -> "SmsMessageQuerySet[Row]":
        """Filter to messages that `queue` has still to deliver."""
        return self.filter(status=SmsStatus.PENDING, queue=queue)

    def unclaimed(self, now: datetime) -> "SmsMessageQuerySet[Row]":
        """Filter to messages without a claim, or with an expired one."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def due(self, queue: str, now: datetime) -> "SmsMessageQuerySet[Row]":
        """Filter to messages that a worker may claim now, ordered by next try.

        Messages to one phone about one object are sent in order of creation: none is due while an earlier one waits.
        """
        same_object = {"to": OuterRef("to"), "related_id": OuterRef("related_id")}
        earlier = (
            self.model._base_manager.filter(status=SmsStatus.PENDING, **same_object)
            .filter(created_at__lte=OuterRef("created_at"))
            .filter(Q(created_at__lt=OuterRef("created_at")) | Q(pk__lt=OuterRef("pk")))
        )
        open_rows = self.waiting(queue).unclaimed(now)
        return open_rows.filter(~Exists(earlier), next_try_at__lte=now, expires_at__gt=now).order_by("next_try_at")

    def overdue(self, queue: str, now: datetime) -> "SmsMessageQuerySet[Row]":
        """Filter to unclaimed messages past their expiry."""
        return self.waiting(queue).unclaimed(now).filter(expires_at__lte=now)

    def about(self, related_id: str) -> "SmsMessageQuerySet[Row]":
        """Filter to messages about the order or lease with this id; none for an invalid id."""
        key = uuid_of(related_id)
        return self.none() if key is None else self.filter(related_id=key)

    def awaiting_receipt(self, provider_message_id: str) -> "SmsMessageQuerySet[Row]":
        """Filter to messages accepted under this id that have no final delivery report."""
        return self.filter(status=SmsStatus.SENT, provider_message_id=provider_message_id)
