"""Store prices, and the limits up to which an order counts as a rental."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from accounts.models import PINCODE_SHAPE, Timestamped
from core.database import DateRange
from devices.choices import Metric, RuleStatus
from devices.models.device import PINCODE_PATTERN
from devices.models.master_data import DeviceType
from devices.queries import PricingRuleQuerySet

ONE_DEFAULT_PRICE = "one_active_default_price"
PERIODS_NEVER_OVERLAP = "priced_periods_never_overlap"
DEFAULT_PRICE_EXISTS = "Default pricing rule already exists for this device type and PIN code"
PERIOD_IS_PRICED = "Pricing rule already exists for an overlapping period"
MAX_RATE = 1_000_000
"""Rupees per hour or acre: multiplied by the 100000 hours or acres of an order, a price still fits its column."""


class PricingRule(Timestamped):
    """Store the prices of a type of device at a PIN code, always (the default rule) or in one period."""

    device_type = models.ForeignKey(DeviceType, on_delete=models.PROTECT, related_name="pricing_rules")
    pincode = models.CharField("PIN code", max_length=6)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True, help_text="Empty: the default rule.")
    status = models.CharField(max_length=16, choices=RuleStatus.choices, default=RuleStatus.ACTIVE)

    objects = PricingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device_type", "pincode"],
                condition=Q(status=RuleStatus.ACTIVE, effective_to__isnull=True),
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
                condition=Q(status=RuleStatus.ACTIVE, effective_to__isnull=False),
                violation_error_message=PERIOD_IS_PRICED,
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=False, effective_to__gte=models.F("effective_from")),
                name="priced_period_ends_after_it_starts",
                violation_error_message="A period needs a first day, and its last day must not be before that",
            ),
            models.CheckConstraint(
                condition=Q(pincode__regex=PINCODE_PATTERN),
                name="price_pincode_is_6_digits",
                violation_error_message=PINCODE_SHAPE,
            ),
        ]

    def __str__(self) -> str:
        period = f"{self.effective_from} to {self.effective_to}" if self.effective_to else "default"
        return f"{self.device_type_id} at {self.pincode}, {period}"

    @property
    def is_default(self) -> bool:
        return self.effective_to is None


class PricingRate(models.Model):
    """Store one price of a rule, in rupees per hour or per acre."""

    rule = models.ForeignKey(PricingRule, on_delete=models.CASCADE, related_name="rates")
    metric = models.CharField(max_length=16, choices=Metric.choices)
    rate = models.DecimalField(max_digits=12, decimal_places=2, help_text="Rupees.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "metric"], name="one_rate_per_metric"),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="rate_is_positive",
                violation_error_message="Rate must be greater than 0",
            ),
            models.CheckConstraint(
                condition=Q(rate__lte=MAX_RATE),
                name="rate_at_most_a_million",
                violation_error_message=f"Rate must be at most {MAX_RATE}",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.rate}"


class RentalThreshold(Timestamped):
    """Store up to how much a search counts as a rental; above that, discovery suggests a lease."""

    device_type = models.OneToOneField(DeviceType, on_delete=models.PROTECT, related_name="threshold")
    max_rental_hours = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    max_rental_acres = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=RuleStatus.choices, default=RuleStatus.ACTIVE)

    class Meta:
        verbose_name = "rental limit"
        constraints = [
            models.CheckConstraint(
                condition=(Q(max_rental_hours__isnull=True) | Q(max_rental_hours__gt=0))
                & (Q(max_rental_acres__isnull=True) | Q(max_rental_acres__gt=0)),
                name="threshold_is_positive",
                violation_error_message="Hours and acres must be greater than 0",
            ),
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(effective_to__isnull=True)
                | Q(effective_to__gte=models.F("effective_from")),
                name="threshold_ends_after_it_starts",
                violation_error_message="The last day must not be before the first",
            ),
        ]

    def __str__(self) -> str:
        return f"Threshold of {self.device_type_id}"
