"""Query exports."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from core.database import Row
from exports.choices import UNFINISHED, State


class ExportQuerySet(models.QuerySet[Row]):
    def visible_to(self, user: User) -> "ExportQuerySet[Row]":
        """Filter to the user's own exports; a superuser sees all."""
        return self if user.is_superuser else self.filter(asked_by=user.pk)

    def unfinished(self) -> "ExportQuerySet[Row]":
        """Filter to exports that have not ended."""
        return self.filter(state__in=UNFINISHED)

    def due(self, now: datetime) -> "ExportQuerySet[Row]":
        """Filter to exports that a worker may claim, requesters without a running export first, then oldest first."""
        running = self.model._base_manager.filter(
            asked_by=OuterRef("asked_by"), state=State.RUNNING, claimed_until__gte=now
        )
        waiting = self.filter(
            Q(state=State.PENDING, next_try_at__lte=now) | Q(state=State.RUNNING, claimed_until__lt=now)
        )
        return waiting.order_by(Exists(running), "created_at")

    def expired(self, now: datetime) -> "ExportQuerySet[Row]":
        """Filter to finished exports whose lifetime is over."""
        return self.filter(state=State.READY, expires_at__lte=now)
