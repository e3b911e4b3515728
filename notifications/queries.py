"""Questions about many texts."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.database import uuid_of


class SmsMessageQuerySet(models.QuerySet):
    def waiting(self, queue: str) -> "SmsMessageQuerySet":
        """What is still to be delivered by `queue`."""
        return self.filter(status="PENDING", queue=queue)

    def in_nobodys_hands(self, now: datetime) -> "SmsMessageQuerySet":
        """Not claimed, or claimed by a worker that never came back."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def due(self, queue: str, now: datetime) -> "SmsMessageQuerySet":
        """What a worker may take up now, the longest waiting first.

        Texts to one phone about one thing go out in the order in which they were written: none is due while an
        earlier one waits.
        """
        earlier = (
            self.model._base_manager.filter(status="PENDING", to=OuterRef("to"), related_id=OuterRef("related_id"))
            .filter(created_at__lte=OuterRef("created_at"))
            .filter(Q(created_at__lt=OuterRef("created_at")) | Q(pk__lt=OuterRef("pk")))
        )
        open_rows = self.waiting(queue).in_nobodys_hands(now)
        return open_rows.filter(~Exists(earlier), next_try_at__lte=now, expires_at__gt=now).order_by("next_try_at")

    def given_up(self, queue: str, now: datetime) -> "SmsMessageQuerySet":
        """What could not be delivered in its time."""
        return self.waiting(queue).in_nobodys_hands(now).filter(expires_at__lte=now)

    def about(self, related_id: str) -> "SmsMessageQuerySet":
        """Texts about the order or lease with this id; none where it is no id at all."""
        key = uuid_of(related_id)
        return self.none() if key is None else self.filter(related_id=key)

    def awaiting_receipt(self, provider_message_id: str) -> "SmsMessageQuerySet":
        """Texts that the provider took under this id and has not reported on."""
        return self.filter(status="SENT", provider_message_id=provider_message_id)
