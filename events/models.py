"""Store the history of all orders. PostgreSQL numbers the rows, notifies of new ones, and refuses to change them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Source
from accounts.models import Territory, User
from core.notes import MAX_NOTE
from events.choices import OrderKind


class OrderEvent(models.Model):
    """Represent one change of status of one order: who, when, from, to, why, and by which source.

    Its id is the audit id of the territory contract.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order_id = models.UUIDField()
    order_kind = models.CharField(max_length=8, choices=OrderKind.choices)
    status = models.CharField(max_length=32)
    previous_status = models.CharField(max_length=32, null=True, help_text="Null at creation.")
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=16, choices=Source.choices)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    verification_data = models.JSONField(null=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField(
        null=True,
        editable=False,
        help_text="Sequence number in the territory's feed, without gaps; assigned by the database.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "order history entry"
        verbose_name_plural = "order history"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["territory", "seq"], name="one_event_per_place_in_the_feed"),
            models.CheckConstraint(
                condition=Q(territory__isnull=True, seq__isnull=True) | Q(territory__isnull=False, seq__gte=1),
                name="numbered_where_there_is_a_feed",
            ),
        ]
        indexes = [
            models.Index(fields=["order_id", "created_at"], name="event_by_order"),
            models.Index(fields=["-created_at", "-id"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.order_kind} #{str(self.order_id)[:8]}: {self.status}"


class FeedPosition(models.Model):
    """Store the number of a territory's newest event. Only the database writes it; the row is locked until commit."""

    territory = models.OneToOneField(Territory, primary_key=True, on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
