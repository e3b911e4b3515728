"""Append-only record of what people may do: PostgreSQL refuses to change its rows."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.choices import AccessChangeKind, Source
from core.correlation import correlation_id


class AccessChangeManager(models.Manager["AccessChange"]):
    def record(
        self,
        kind: AccessChangeKind,
        *,
        changed_by_id: UUID | None,
        source: str,
        user_id: UUID | None = None,
        territory_id: str | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> "AccessChange":
        """Store one change with the correlation id of the request, inside the transaction that makes it."""
        return self.create(
            kind=kind,
            changed_by_id=changed_by_id,
            source=source,
            user_id=user_id,
            territory_id=territory_id,
            before=before or {},
            after=after or {},
            correlation_id=correlation_id(),
        )


class AccessChange(models.Model):
    """Represent one change of a role, of staff access, of a group, a territory or a membership."""

    kind = models.CharField("change", max_length=24, choices=AccessChangeKind.choices)
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="access_changes", db_index=False
    )
    territory = models.ForeignKey(
        "accounts.Territory", null=True, on_delete=models.PROTECT, related_name="access_changes", db_index=False
    )
    before = models.JSONField()
    after = models.JSONField()
    changed_by = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Null where the system made the change.",
    )
    source = models.CharField(max_length=16, choices=Source.choices)
    correlation_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField("time", default=timezone.now, editable=False)

    objects: ClassVar[AccessChangeManager] = AccessChangeManager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AccessChangeKind.values), name="access_change_kind_is_known"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="access_change_newest"),
            models.Index(fields=["user", "-created_at", "-id"], name="access_change_by_user"),
            models.Index(fields=["territory", "-created_at", "-id"], name="access_change_by_territory"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
