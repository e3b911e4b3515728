"""Store the master data of devices: types and manufacturers."""

from django.db import models
from django.db.models import Q

from devices.queries import MasterDataQuerySet

CODE_PATTERN = r"^[A-Z0-9_]{1,50}$"
CODE_SHAPE = "Code must be 1 to 50 characters of A-Z, 0-9 and _"


class DeviceType(models.Model):
    """Store a type of device, such as TRACTOR."""

    code = models.CharField(max_length=50, primary_key=True)
    display_name = models.CharField(max_length=100)
    requires_operator = models.BooleanField(default=False)
    active = models.BooleanField(default=True, help_text="Offered for new devices.")

    objects = MasterDataQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN),
                name="device_type_code_shape",
                violation_error_message=CODE_SHAPE,
            )
        ]

    def __str__(self) -> str:
        return self.display_name


class Manufacturer(models.Model):
    code = models.CharField(max_length=50, primary_key=True)
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True, help_text="Offered for new devices.")

    objects = MasterDataQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=CODE_PATTERN),
                name="manufacturer_code_shape",
                violation_error_message=CODE_SHAPE,
            )
        ]

    def __str__(self) -> str:
        return self.name
