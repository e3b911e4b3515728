"""What people do for the company: VLEs lease devices, operators drive them."""

from django.db import models
from django.db.models import Q

from accounts.models.users import PINCODE_OR_NONE, Timestamped, User
from accounts.queries import ProfileQuerySet

DEVICE_TYPE_CODE = r"^[A-Z0-9_]{1,50}$"


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
