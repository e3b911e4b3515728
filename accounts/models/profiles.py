"""Profiles of VLEs, who lease devices, and of operators, who drive them."""

from django.db import models
from django.db.models import Q

from accounts.choices import OperatorStatus, VleStatus, VleType
from accounts.models.users import PINCODE_OR_NONE, Timestamped, User
from accounts.queries import OperatorQuerySet, VleQuerySet

DEVICE_TYPE_CODE = r"^[A-Z0-9_]{1,50}$"


class VleProfile(Timestamped):
    """Represent a Village Level Entrepreneur, who leases devices from the company and rents them out."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="vle_profile")
    type = models.CharField(max_length=16, choices=VleType.choices, default=VleType.INDIVIDUAL)
    name = models.CharField(max_length=100)
    pincode = models.CharField("PIN code", max_length=6, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=VleStatus.choices, default=VleStatus.ACTIVE)

    objects = VleQuerySet["VleProfile"].as_manager()

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
            models.CheckConstraint(condition=Q(type__in=VleType.values), name="vle_type_is_known"),
            models.CheckConstraint(condition=Q(status__in=VleStatus.values), name="vle_status_is_known"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="vle_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == VleStatus.ACTIVE


class Operator(Timestamped):
    """Represent a person who drives the devices of a lease."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="operator")
    name = models.CharField(max_length=100)
    license_number = models.CharField(max_length=50, blank=True)
    status = models.CharField(max_length=16, choices=OperatorStatus.choices, default=OperatorStatus.ACTIVE)

    objects = OperatorQuerySet["Operator"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OperatorStatus.values), name="operator_status_is_known"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="operator_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == OperatorStatus.ACTIVE


class OperatorTraining(models.Model):
    """Represent a certificate that an operator holds for one type of device."""

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
