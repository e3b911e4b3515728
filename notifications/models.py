"""Store the SMS outbox and the push tokens of users."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Timestamped, User
from notifications.choices import Platform, Queue, SmsStatus
from notifications.queries import SmsMessageQuerySet


class SmsMessage(models.Model):
    """Represent one SMS message to one phone, written in the transaction it reports and delivered after its commit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200, unique=True, help_text="One row per happening and recipient.")
    queue = models.CharField(max_length=10, choices=Queue.choices, default=Queue.NOTICES)
    recipient = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="sms_messages")
    to = models.CharField("phone", max_length=16)
    text = models.TextField(help_text="As it may be shown; a one-time password is masked.")
    encrypted_text = models.BinaryField(null=True, help_text="The text with its secret, encrypted, until it is sent.")
    related_type = models.CharField(max_length=20, blank=True)
    related_id = models.UUIDField(null=True, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)

    status = models.CharField(max_length=10, choices=SmsStatus.choices, default=SmsStatus.PENDING)
    provider_message_id = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="Given up after this.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker has it in hand until then.")
    outcome_unknown_since = models.DateTimeField(
        null=True, blank=True, help_text="Handed to the provider without an answer; ask before sending again."
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = SmsMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "SMS"
        verbose_name_plural = "SMS"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["queue", "next_try_at"], condition=Q(status=SmsStatus.PENDING), name="sms_waiting"),
            models.Index(
                fields=["to", "related_id", "created_at"],
                condition=Q(status=SmsStatus.PENDING),
                name="sms_waiting_in_order",
            ),
            models.Index(fields=["-created_at", "-id"], name="sms_newest"),
            models.Index(fields=["event", "-created_at", "-id"], name="sms_by_event"),
            models.Index(fields=["-created_at", "-id"], condition=Q(status=SmsStatus.FAILED), name="sms_failed"),
            models.Index(fields=["related_id", "-created_at"], name="sms_by_related"),
            models.Index(
                fields=["provider_message_id"], condition=~Q(provider_message_id=""), name="sms_by_provider_id"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=SmsStatus.PENDING) | Q(encrypted_text=None), name="sms_secret_only_while_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.to}"

    @property
    def is_secret(self) -> bool:
        """Tell whether the text to send differs from the one that may be shown."""
        return self.queue == Queue.OTP


class PushToken(Timestamped):
    """Store the push token of a user's phone; one per platform."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_tokens")
    platform = models.CharField(max_length=10, choices=Platform.choices)
    token = models.CharField(max_length=500)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["token"], name="push_by_token")]
        constraints = [
            models.UniqueConstraint(fields=["user", "platform"], name="one_push_token_per_user_and_platform"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} of {self.user}"
