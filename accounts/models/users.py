"""Who is who: users, known by phone, and the roles they hold."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.phones import canonical_phone, check_phone
from core.errors import Invalid

PINCODE_OR_NONE = r"^([1-9][0-9]{5})?$"


class Role(models.TextChoices):
    FARMER = "FARMER"
    VLE = "VLE"
    OPERATOR = "OPERATOR"
    ADMIN = "ADMIN"


class Timestamped(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this phone, in any spelling. Nonsense is nobody's: logging in and `createsuperuser` ask so."""
        try:
            return self.get(phone=canonical_phone(username))
        except Invalid as refusal:
            raise self.model.DoesNotExist(str(refusal)) from None

    @transaction.atomic
    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """A back-office superuser, who is also an ADMIN in the API. Raises Invalid for a phone that is none."""
        user = self.model(phone=canonical_phone(phone), is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        RoleAssignment.objects.create(user=user, role=Role.ADMIN)
        return user


class User(AbstractBaseUser, PermissionsMixin, Timestamped):
    """A person, known by phone. Farmers, VLEs and operators log in by OTP; staff by password in the back office."""

    phone = models.CharField(
        max_length=16, unique=True, validators=[check_phone], help_text="In any spelling; kept as +919876543210."
    )
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    pincode = models.CharField("PIN code", max_length=6, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(default=True, help_text="Clear to shut this person out at the next request.")
    is_staff = models.BooleanField(default=False, help_text="May open the back office.")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "phone"

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [("work_everywhere", "Can work in all territories, not only as a member")]
        constraints = [
            models.CheckConstraint(condition=Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="user_phone_is_e164"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="user_location_on_earth",
            ),
            models.CheckConstraint(condition=Q(pincode__regex=PINCODE_OR_NONE), name="user_pincode_is_6_digits"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="user_newest")]

    def __str__(self) -> str:
        return f"{self.name} ({self.phone})" if self.name else self.phone

    def get_short_name(self) -> str:
        return self.name or self.phone


class RoleAssignment(models.Model):
    """One role that a user holds now. Taking it away acts at the user's next request."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=16, choices=Role.choices)
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="one_assignment_per_user_and_role"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return self.role
