"""Sessions of apps and of the back office, and one-time passwords."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.choices import Role
from accounts.models.users import User


class Session(models.Model):
    """Represent one login of an app. Every request compares its token with this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    active_role = models.CharField(max_length=16, choices=Role.choices, null=True, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with each change of role; older tokens are void.")
    refresh_id = models.UUIDField(help_text="The refresh token that is good now.")
    previous_refresh_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    refreshed_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user} since {self.created_at:%Y-%m-%d}"


class StaffSession(models.Model):
    """Represent one sign-in to the back office, beside Django's own session: its browser, address and last use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_sessions")
    session_key = models.CharField(max_length=40, unique=True, help_text="Of Django's session; as good as a password.")
    browser = models.CharField(max_length=100, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    signed_in_at = models.DateTimeField(default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"{self.user} at the back office since {self.signed_in_at:%Y-%m-%d}"


class OtpChallenge(models.Model):
    """Represent a one-time password sent to a phone. Only a keyed hash of it is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone = models.CharField(max_length=16)
    address = models.GenericIPAddressField(null=True, help_text="Where the request came from.")
    code_hash = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="When it was used, or replaced by a newer one.")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["phone"], condition=Q(closed_at=None), name="one_open_otp_per_phone"),
            models.CheckConstraint(condition=Q(attempts__lte=5), name="otp_attempts_at_most_5"),
        ]
        indexes = [
            models.Index(fields=["phone", "-created_at"], name="otp_by_phone"),
            models.Index(fields=["address", "-created_at"], name="otp_by_address"),
            models.Index(fields=["created_at"], name="otp_oldest"),
        ]
