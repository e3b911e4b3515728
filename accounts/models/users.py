"""Users, known by phone, and the roles they hold."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.choices import AccessChangeKind, Role, Source
from accounts.models.access import AccessChange
from accounts.phones import canonical_phone, check_phone
from accounts.queries import UserQuerySet
from core.errors import Invalid
from core.text import canonical_digits

PINCODE_OR_NONE = r"^([1-9][0-9]{5})?$"
PINCODE_SHAPE = "PIN code must be 6 digits and not start with 0"


class Timestamped(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet["User"]:
        return UserQuerySet(self.model, using=self._db)

    def find(self, identifier: object) -> "User":
        """Return the user with this id. Raises NotFound."""
        return self.get_queryset().find(identifier)

    def lock(self, identifier: uuid.UUID | str) -> "User":
        """Return the user, locked until the end of the transaction. Raises NotFound."""
        return self.get_queryset().lock(identifier)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this phone, in any spelling. Raises DoesNotExist, also if it is not a phone number.

        Django calls it for logins and in `createsuperuser`.
        """
        try:
            return self.get(phone=canonical_phone(username))
        except Invalid as error:
            raise self.model.DoesNotExist(str(error)) from None

    @transaction.atomic
    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """Create a back-office superuser with the role ADMIN, as `createsuperuser` does. Raises Invalid."""
        user = self.model(phone=canonical_phone(phone), is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        AccessChange.objects.record(
            AccessChangeKind.STAFF_ACCESS_CHANGED,
            changed_by_id=None,
            source=Source.COMMAND,
            user_id=user.pk,
            before={"is_staff": False, "is_superuser": False},
            after={"is_staff": True, "is_superuser": True},
        )
        RoleAssignment.objects.grant(user, Role.ADMIN, changed_by_id=None, source=Source.COMMAND)
        return user


class PhoneColumn(models.CharField):
    """Store a phone number; `clean`, which `createsuperuser` calls, takes any spelling of it."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(canonical_digits(value) if isinstance(value, str) else value, model_instance)

    def deconstruct(self) -> Any:
        """Return the column as the CharField that it is in the database."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class User(AbstractBaseUser, PermissionsMixin, Timestamped):
    """Represent a person. Farmers, VLEs and operators log in by OTP, staff by password in the back office."""

    phone = PhoneColumn(
        max_length=16, unique=True, validators=[check_phone], help_text="In any spelling; kept as +919876543210."
    )
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    pincode = models.CharField("PIN code", max_length=6, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(default=True, help_text="A deactivated user is refused at the next request.")
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


class RoleAssignmentManager(models.Manager["RoleAssignment"]):
    """Write roles and their access changes. Services check the rights of the actor before."""

    @transaction.atomic
    def grant(self, user: User, role: str, *, changed_by_id: uuid.UUID | None, source: str) -> bool:
        """Assign a role and record it. Return False if the user holds it already."""
        _, is_new = self.get_or_create(user=user, role=role)
        if is_new:
            AccessChange.objects.record(
                AccessChangeKind.ROLE_GRANTED,
                changed_by_id=changed_by_id,
                source=source,
                user_id=user.pk,
                after={"role": role},
            )
        return is_new

    @transaction.atomic
    def revoke(self, user: User, role: str, *, changed_by_id: uuid.UUID | None, source: str) -> bool:
        """Remove a role and record it. Return False if the user does not hold it."""
        deleted, _ = self.filter(user=user, role=role).delete()
        if deleted:
            AccessChange.objects.record(
                AccessChangeKind.ROLE_REVOKED,
                changed_by_id=changed_by_id,
                source=source,
                user_id=user.pk,
                before={"role": role},
            )
        return deleted > 0


class RoleAssignment(models.Model):
    """Represent one role that a user holds now. Revoking it acts at the user's next request."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=16, choices=Role.choices)
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[RoleAssignmentManager] = RoleAssignmentManager()

    class Meta:
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="one_assignment_per_user_and_role"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return self.role
