"""Serialize prices and rental limits."""

from datetime import date
from typing import Any

from rest_framework import serializers

from core.contracts.fields import InstantField, IsoDateField, PincodeField, QuantityField, required
from devices.api.master_data_serializers import MasterDataField
from devices.choices import Metric, RuleStatus
from devices.models import DeviceType, PricingRate, PricingRule, RentalThreshold
from devices.models.pricing import MAX_RATE
from devices.pricing import PriceTerms

MAX_PERIODS = 100
MAX_RATES = 10
"""In one request; a rule has one per metric."""
ENDS_TOO_SOON = "Effective to must not be before effective from"
FIRST_DAY_NEEDED = "Effective from is required where there is an effective to"


class RateListInput(serializers.ListSerializer):
    def validate(self, rates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({rate["metric"] for rate in rates}) < len(rates):
            raise serializers.ValidationError("At most one rate per metric is possible")
        return rates


class RateInput(serializers.Serializer):
    metric = serializers.ChoiceField(
        choices=Metric.choices,
        error_messages=required("Metric") | {"invalid_choice": "Metric must be PER_HOUR or PER_ACRE"},
    )
    rate = QuantityField(label="Rate", at_most=MAX_RATE, error_messages=required("Rate"))

    def validate(self, rate: dict[str, Any]) -> dict[str, Any]:
        # In a partial update DRF accepts missing nested fields too; a rate must be complete.
        if missing := {
            name: field.error_messages["required"] for name, field in self.fields.items() if name not in rate
        }:
            raise serializers.ValidationError(missing)
        return rate


def _rates(**options: Any) -> serializers.ListSerializer:
    texts: dict[str, Any] = {
        "required": "Rules are required",
        "null": "Rules are required",
        "not_a_list": "Rules must be a list of metric and rate",
        "max_length": f"Rules must be at most {MAX_RATES}",
    }
    child = RateInput(error_messages=texts)
    return RateListInput(child=child, max_length=MAX_RATES, error_messages=texts, **options)


def _by_metric(rates: list[dict[str, Any]]) -> dict[str, Any]:
    return {rate["metric"]: rate["rate"] for rate in rates}


class PeriodInput(serializers.Serializer):
    """Validate a first and a last day, both included."""

    effectiveFrom = IsoDateField(
        label="Effective from", source="effective_from", error_messages=required("Effective from")
    )
    effectiveTo = IsoDateField(label="Effective to", source="effective_to", error_messages=required("Effective to"))

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        start, end = self.period(fields)
        if start is not None and end is not None and end < start:
            raise serializers.ValidationError({"effectiveTo": ENDS_TOO_SOON})
        return fields

    def period(self, fields: dict[str, Any]) -> tuple[date | None, date | None]:
        """Return the first and last day after the update: missing fields keep their values."""
        present = {name: getattr(self.instance, name, None) for name in ("effective_from", "effective_to")}
        merged = present | fields
        return merged["effective_from"], merged["effective_to"]


class OpenPeriodInput(PeriodInput):
    """Validate a period that may lack either end."""

    effectiveFrom = IsoDateField(label="Effective from", source="effective_from", required=False, allow_null=True)
    effectiveTo = IsoDateField(label="Effective to", source="effective_to", required=False, allow_null=True)


class PeriodPriceInput(PeriodInput):
    rules = _rates()


class DevicePricesInput(serializers.Serializer):
    """Validate step 3 of the onboarding: a default rule, rules for periods, or both."""

    defaultRules = _rates(source="default_rates", required=False, allow_null=True)
    timeSpecificRules: serializers.ListSerializer = serializers.ListSerializer(
        child=PeriodPriceInput(),
        source="periods",
        max_length=MAX_PERIODS,
        required=False,
        allow_null=True,
        error_messages={
            "not_a_list": "Time specific rules must be a list",
            "max_length": f"At most {MAX_PERIODS} time specific rules can be sent at once",
        },
    )

    def validate(self, fields: dict[str, Any]) -> dict[str, list[PriceTerms]]:
        default_rates = fields.get("default_rates")
        terms = [PriceTerms(_by_metric(default_rates))] if default_rates else []
        terms += [PriceTerms(_by_metric(period.pop("rules")), **period) for period in fields.get("periods") or []]
        if not terms:
            raise serializers.ValidationError({"defaultRules": "At least one rule is required"})
        return {"terms": terms}


class PricingRuleInput(OpenPeriodInput):
    deviceTypeId = MasterDataField(DeviceType, label="Device type", source="device_type")
    pincode = PincodeField(error_messages=required("PIN code"))
    rules = _rates(source="rates")
    status = serializers.ChoiceField(
        choices=RuleStatus.choices,
        required=False,
        error_messages={"invalid_choice": "Status must be ACTIVE or INACTIVE"},
    )

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        fields = super().validate(fields)
        start, end = self.period(fields)
        if end is not None and start is None:
            raise serializers.ValidationError({"effectiveFrom": FIRST_DAY_NEEDED})
        if "rates" in fields:
            fields["rates"] = _by_metric(fields["rates"])
        return fields


class ThresholdInput(OpenPeriodInput):
    deviceTypeId = MasterDataField(DeviceType, label="Device type", source="device_type")
    maxRentalHours = QuantityField(label="Max rental hours", source="max_rental_hours", required=False, allow_null=True)
    maxRentalAcres = QuantityField(label="Max rental acres", source="max_rental_acres", required=False, allow_null=True)
    status = serializers.ChoiceField(
        choices=RuleStatus.choices,
        required=False,
        error_messages={"invalid_choice": "Status must be ACTIVE or INACTIVE"},
    )


class RateOutput(serializers.ModelSerializer):
    rate = QuantityField(label="Rate")

    class Meta:
        model = PricingRate
        fields = ["metric", "rate"]


class PricingRuleOutput(serializers.ModelSerializer):
    deviceTypeId = serializers.CharField(source="device_type_id")
    rules = RateOutput(source="rates", many=True)
    effectiveFrom = serializers.DateField(source="effective_from", allow_null=True)
    effectiveTo = serializers.DateField(source="effective_to", allow_null=True)
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = PricingRule
        fields = [
            "id",
            "deviceTypeId",
            "pincode",
            "rules",
            "effectiveFrom",
            "effectiveTo",
            "status",
            "createdAt",
            "updatedAt",
        ]


class PricingRulesOutput(serializers.ListSerializer):
    child = PricingRuleOutput()


class DevicePricesOutput(serializers.Serializer):
    """Serialize `DevicePrices`."""

    defaultRule = PricingRuleOutput(source="default_rule", allow_null=True)
    timeSpecificRules = PricingRuleOutput(source="period_rules", many=True)


class PricingStatusOutput(DevicePricesOutput):
    requiresPricingRule = serializers.BooleanField(source="lacks_default")


class ThresholdOutput(serializers.ModelSerializer):
    deviceTypeId = serializers.CharField(source="device_type_id")
    maxRentalHours = QuantityField(label="Max rental hours", source="max_rental_hours", allow_null=True)
    maxRentalAcres = QuantityField(label="Max rental acres", source="max_rental_acres", allow_null=True)
    effectiveFrom = serializers.DateField(source="effective_from", allow_null=True)
    effectiveTo = serializers.DateField(source="effective_to", allow_null=True)
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = RentalThreshold
        fields = [
            "id",
            "deviceTypeId",
            "maxRentalHours",
            "maxRentalAcres",
            "effectiveFrom",
            "effectiveTo",
            "status",
            "createdAt",
            "updatedAt",
        ]
