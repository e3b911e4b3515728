"""Who is who: users and their roles, sessions, one-time passwords, VLE profiles, operators."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.phones import canonical_phone, check_phone
from accounts.queries import ProfileQuerySet
from core.errors import Invalid

PINCODE_OR_NONE = r"^([1-9][0-9]{5})?$"
DEVICE_TYPE_CODE = r"^[A-Z0-9_]{1,50}$"


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


class Session(models.Model):
    """One login on one phone: what its tokens must agree with at every request."""

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
    """One sign-in to the back office, beside Django's own session: from where, and when it was last used."""

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
    """One one-time password sent to one phone; only a keyed hash of it is kept."""

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


class VleProfile(Timestamped):
    """A Village Level Entrepreneur: who leases devices from the company and rents them out."""

    class Type(models.TextChoices):
        INDIVIDUAL = "INDIVIDUAL"
        COMPANY = "COMPANY"

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE"
        SUSPENDED = "SUSPENDED"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="vle_profile")
    type = models.CharField(max_length=16, choices=Type.choices, default=Type.INDIVIDUAL)
    name = models.CharField(max_length=100)
    pincode = models.CharField("PIN code", max_length=6, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "VLE profile"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="vle_location_on_earth",
            ),
            models.CheckConstraint(condition=Q(pincode__regex=PINCODE_OR_NONE), name="vle_pincode_is_6_digits"),
            models.CheckConstraint(condition=Q(type__in=["INDIVIDUAL", "COMPANY"]), name="vle_type_is_known"),
            models.CheckConstraint(condition=Q(status__in=["ACTIVE", "SUSPENDED"]), name="vle_status_is_known"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="vle_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Operator(Timestamped):
    """A person who drives the machines of a lease."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE"
        SUSPENDED = "SUSPENDED"
        ARCHIVED = "ARCHIVED"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="operator")
    name = models.CharField(max_length=100)
    license_number = models.CharField(max_length=50, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["ACTIVE", "SUSPENDED", "ARCHIVED"]), name="operator_status_is_known"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="operator_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class OperatorTraining(models.Model):
    """A certificate that an operator holds for one type of device."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="training")
    device_type_code = models.CharField(max_length=50)
    certificate_url = models.URLField(max_length=500, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    valid_till = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "training"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True)
                | Q(valid_till__isnull=True)
                | Q(valid_till__gte=models.F("completed_on")),
                name="training_valid_after_completion",
            ),
            models.CheckConstraint(
                condition=Q(device_type_code__regex=DEVICE_TYPE_CODE), name="training_device_type_code_shape"
            ),
        ]

    def __str__(self) -> str:
        return self.device_type_code


class Territory(models.Model):
    """A stretch of country, known by its PIN codes, whose service orders and live feed belong together."""

    id = models.SlugField(primary_key=True, max_length=50, help_text="Such as pune; never changes.")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "territories"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(id__regex=r"^[a-z0-9_-]{1,50}$"), name="territory_id_shape")]

    def __str__(self) -> str:
        return self.name


class TerritoryPrefix(models.Model):
    """The PIN codes that start with `prefix` lie in the territory, unless a longer prefix says otherwise."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="prefixes")
    prefix = models.CharField("PIN code prefix", max_length=6, unique=True)

    class Meta:
        verbose_name_plural = "PIN code prefixes"
        ordering = ["prefix"]
        constraints = [models.CheckConstraint(condition=Q(prefix__regex=r"^[1-9][0-9]{0,5}$"), name="prefix_is_digits")]

    def __str__(self) -> str:
        return self.prefix


class TerritoryMembership(models.Model):
    """Someone's working in a territory. Taking it away acts at the next request."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="memberships")
    can_verify = models.BooleanField(default=False, help_text="May verify, reject and complete service orders.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["territory", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "territory"], name="one_membership_per_territory")]

    def __str__(self) -> str:
        return f"{self.user} in {self.territory_id}"
