"""What can be ordered: types, manufacturers, devices with their media, pricing and thresholds."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q

from accounts.models import Timestamped
from core.database import DateRange
from devices.queries import DeviceMediaQuerySet, DeviceQuerySet, MasterDataQuerySet, PricingRuleQuerySet
from devices.workflow import DeviceStatus, DeviceWorkflow

CODE_PATTERN = r"^[A-Z0-9_]{1,50}$"
ONE_DEVICE_PER_SENSOR = "one_device_per_sensor"
ONE_DEFAULT_PRICE = "one_active_default_price"
PERIODS_NEVER_OVERLAP = "priced_periods_never_overlap"
SENSOR_IS_TAKEN = "Sensor ID is already used by another device"
DEFAULT_PRICE_EXISTS = "Default pricing rule already exists for this device type and PIN code"
PERIOD_IS_PRICED = "Pricing rule already exists for an overlapping period"
MAX_RATE = 1_000_000
"""Rupees per hour or acre; with the 100000 hours or acres of an order, a price still fits its column."""


class DeviceType(models.Model):
    """A kind of machine, such as TRACTOR."""

    code = models.CharField(max_length=50, primary_key=True)
    display_name = models.CharField(max_length=100)
    requires_operator = models.BooleanField(default=False)
    active = models.BooleanField(default=True, help_text="Offered for new devices.")

    objects = MasterDataQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(code__regex=CODE_PATTERN), name="device_type_code_shape")]

    def __str__(self) -> str:
        return self.display_name


class Manufacturer(models.Model):
    code = models.CharField(max_length=50, primary_key=True)
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True, help_text="Offered for new devices.")

    objects = MasterDataQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(code__regex=CODE_PATTERN), name="manufacturer_code_shape")]

    def __str__(self) -> str:
        return self.name


class GeoPoint(Func):
    """PostgreSQL's own `point(longitude, latitude)`; its GiST index answers "which lie in this box?"."""

    function = "point"

    def __init__(self) -> None:
        super().__init__("longitude", "latitude", output_field=models.TextField())


class Device(DeviceWorkflow, Timestamped):
    """One machine that VLEs lease and farmers rent."""

    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    device_type = models.ForeignKey(DeviceType, on_delete=models.PROTECT, related_name="devices")
    manufacturer = models.ForeignKey(Manufacturer, on_delete=models.PROTECT, related_name="devices")
    owner = models.CharField(max_length=100, blank=True)
    manufactured_date = models.CharField(max_length=7, blank=True, help_text="MM/YYYY")
    sensor_id = models.CharField("sensor ID", max_length=100, null=True, blank=True)
    company_owned = models.BooleanField(default=True)
    requires_operator = models.BooleanField(default=False)

    address_first_line = models.CharField(max_length=200, blank=True)
    address_second_line = models.CharField(max_length=200, blank=True)
    pincode = models.CharField("PIN code", max_length=6)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, default="India", blank=True)
    latitude = models.FloatField(help_text="Degrees north.")
    longitude = models.FloatField(help_text="Degrees east.")

    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    battery = models.PositiveSmallIntegerField(null=True, blank=True, editable=False, help_text="Percent.")
    health = models.CharField(max_length=20, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DeviceStatus.values), name="device_status_is_known"),
            models.CheckConstraint(condition=Q(pincode__regex=r"^[1-9][0-9]{5}$"), name="device_pincode_is_6_digits"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="device_location_on_earth"
            ),
            models.UniqueConstraint(
                fields=["sensor_id"], name=ONE_DEVICE_PER_SENSOR, violation_error_message=SENSOR_IS_TAKEN
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-created_at", "-id"], name="device_by_status"),
            models.Index(fields=["-created_at", "-id"], name="device_newest"),
            GistIndex(GeoPoint(), name="device_place", condition=Q(status="LIVE")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({str(self.pk)[:8]})"

    @property
    def is_retired(self) -> bool:
        return self.status == DeviceStatus.RETIRED

    @property
    def media_urls(self) -> list[str]:
        return [media.url for media in self.media.all()]

    @property
    def primary_media_url(self) -> str | None:
        return next((media.url for media in self.media.all() if media.is_primary), None)


class DeviceMedia(models.Model):
    """A picture or film of a device, open to all."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="media")
    file = models.FileField(upload_to="devices/%Y/%m/", max_length=200)
    content_type = models.CharField(max_length=50)
    is_primary = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = DeviceMediaQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "media"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(is_primary=True), name="one_primary_media_per_device"
            ),
            models.CheckConstraint(
                condition=Q(is_primary=False) | Q(content_type__startswith="image/"), name="primary_media_is_a_picture"
            ),
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def url(self) -> str:
        return self.file.url

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


class Metric(models.TextChoices):
    PER_HOUR = "PER_HOUR"
    PER_ACRE = "PER_ACRE"


class PricingRule(Timestamped):
    """What a type of device costs at a PIN code: always (default, no end), or in one period."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE"
        INACTIVE = "INACTIVE"

    device_type = models.ForeignKey(DeviceType, on_delete=models.PROTECT, related_name="pricing_rules")
    pincode = models.CharField("PIN code", max_length=6)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True, help_text="Empty: the default rule.")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)

    DEFAULT: ClassVar[Q] = Q(effective_to__isnull=True)

    objects = PricingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device_type", "pincode"],
                condition=Q(status="ACTIVE", effective_to__isnull=True),
                name=ONE_DEFAULT_PRICE,
                violation_error_message=DEFAULT_PRICE_EXISTS,
            ),
            ExclusionConstraint(
                name=PERIODS_NEVER_OVERLAP,
                expressions=[
                    ("device_type", RangeOperators.EQUAL),
                    ("pincode", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="ACTIVE", effective_to__isnull=False),
                violation_error_message=PERIOD_IS_PRICED,
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=False, effective_to__gte=models.F("effective_from")),
                name="priced_period_ends_after_it_starts",
                violation_error_message="A period needs a first day, and its last day must not be before that",
            ),
            models.CheckConstraint(condition=Q(pincode__regex=r"^[1-9][0-9]{5}$"), name="price_pincode_is_6_digits"),
        ]

    def __str__(self) -> str:
        period = f"{self.effective_from} to {self.effective_to}" if self.effective_to else "default"
        return f"{self.device_type_id} at {self.pincode}, {period}"

    @property
    def is_default(self) -> bool:
        return self.effective_to is None


class PricingRate(models.Model):
    """One price of a rule, in rupees per hour or per acre."""

    rule = models.ForeignKey(PricingRule, on_delete=models.CASCADE, related_name="rates")
    metric = models.CharField(max_length=16, choices=Metric.choices)
    rate = models.DecimalField(max_digits=12, decimal_places=2, help_text="Rupees.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "metric"], name="one_rate_per_metric"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(condition=Q(rate__lte=MAX_RATE), name="rate_at_most_a_million"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.rate}"


class RentalThreshold(Timestamped):
    """Up to how much a wish counts as a rental; beyond it discovery hints at a lease."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE"
        INACTIVE = "INACTIVE"

    device_type = models.OneToOneField(DeviceType, on_delete=models.PROTECT, related_name="threshold")
    max_rental_hours = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    max_rental_acres = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(max_rental_hours__isnull=True) | Q(max_rental_hours__gt=0))
                & (Q(max_rental_acres__isnull=True) | Q(max_rental_acres__gt=0)),
                name="threshold_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(effective_to__isnull=True)
                | Q(effective_to__gte=models.F("effective_from")),
                name="threshold_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"Threshold of {self.device_type_id}"
