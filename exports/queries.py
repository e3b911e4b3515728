"""Questions about many exports."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User

if TYPE_CHECKING:
    pass


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> "ExportQuerySet":
        """One's own; everybody's for a superuser."""
        return self if user.is_superuser else self.filter(asked_by=user.pk)

    def under_way(self) -> "ExportQuerySet":
        """What is still to be written."""
        return self.filter(state__in=["PENDING", "RUNNING"])

    def due(self, now: datetime) -> "ExportQuerySet":
        """What a worker may take up now: first of those for whom nobody works yet, then the longest waiting."""
        running = self.model._base_manager.filter(
            asked_by=OuterRef("asked_by"), state="RUNNING", claimed_until__gte=now
        )
        waiting = self.filter(Q(state="PENDING", next_try_at__lte=now) | Q(state="RUNNING", claimed_until__lt=now))
        return waiting.annotate(is_served=Exists(running)).order_by("is_served", "created_at")

    def expired(self, now: datetime) -> "ExportQuerySet":
        """Files that were kept long enough."""
        return self.filter(state="READY", expires_at__lte=now)
