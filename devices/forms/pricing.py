"""Forms of pricing rules. The services check overlaps between rules again, under a lock."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import PINCODE_SHAPE
from core.forms import DigitsField
from devices.choices import Metric, RuleStatus
from devices.formatting import format_rates, format_rule_dates
from devices.models import Device, PricingRule
from devices.models.device import PINCODE_PATTERN
from devices.models.pricing import DEFAULT_PRICE_EXISTS, MAX_RATE
from devices.pricing import PriceTerms, Rates, overlapping_rules

METRICS = {"per_hour": Metric.PER_HOUR, "per_acre": Metric.PER_ACRE}
RATE_REQUIRED = "Say a rate per hour, per acre, or both"
INVALID_PERIOD = "A period needs a first day, and its last day must not be before that"


class RateField(forms.DecimalField):
    """Take an amount in rupees, with paise."""

    def __init__(self, label: str):
        super().__init__(label=label, required=False, max_digits=12, decimal_places=2)
        self.widget.attrs |= {"step": "0.01", "min": "0", "inputmode": "decimal"}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value <= 0:
            raise forms.ValidationError("Rate must be greater than 0")
        if value is not None and value > MAX_RATE:
            raise forms.ValidationError(f"Rate must be at most {MAX_RATE}")


class DayField(forms.DateField):
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class RatesForm(forms.Form):
    """Take the rates of an hour and of an acre; at least one of them."""

    per_hour = RateField("Rupees per hour")
    per_acre = RateField("Rupees per acre")

    def clean(self) -> Any:
        if not self.rates and not {*METRICS} & set(self.errors):
            self.add_error("per_hour", RATE_REQUIRED)
        return super().clean()

    @property
    def rates(self) -> Rates:
        rates = {metric: self.cleaned_data.get(name) for name, metric in METRICS.items()}
        return {metric: rate for metric, rate in rates.items() if rate is not None}


class DefaultPriceForm(RatesForm):
    """Take the default price of a device type at a PIN code."""

    def __init__(self, *args: Any, device: Device, **options: Any):
        super().__init__(*args, **options)

    @property
    def terms(self) -> PriceTerms:
        return PriceTerms(self.rates)


class PeriodPriceForm(RatesForm):
    """Take the price from one day to another."""

    effective_from = DayField(label="First day")
    effective_to = DayField(label="Last day")
    field_order = ["effective_from", "effective_to"]

    def __init__(self, *args: Any, device: Device, **options: Any):
        super().__init__(*args, **options)
        self.device = device

    def clean(self) -> Any:
        first, last = self.cleaned_data.get("effective_from"), self.cleaned_data.get("effective_to")
        if first and last:
            check_period(self, self.device.device_type_id, self.device.pincode, first, last)
        return super().clean()

    @property
    def terms(self) -> PriceTerms:
        days = {name: self.cleaned_data[name] for name in ("effective_from", "effective_to")}
        return PriceTerms(self.rates, **days)


class PricingRuleForm(RatesForm, forms.ModelForm):
    """Edit a pricing rule together with its two rates."""

    pincode = DigitsField(PINCODE_PATTERN, label="PIN code", error_messages={"invalid": PINCODE_SHAPE})
    effective_from = DayField(required=False, label="First day")
    effective_to = DayField(required=False, label="Last day", help_text="Empty: the default rule, which has no end.")
    field_order = ["device_type", "pincode", "effective_from", "effective_to", "per_hour", "per_acre"]

    class Meta:
        model = PricingRule
        fields = ["device_type", "pincode", "effective_from", "effective_to", "status"]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        # Shown, not read: a form without the status could not check the constraints of the rule.
        if "status" in self.fields:
            self.fields["status"].disabled = True
        if not self.instance._state.adding:
            rates = {rate.metric: rate.rate for rate in self.instance.rates.all()}
            self.initial = {**self.initial, **{name: rates.get(metric) for name, metric in METRICS.items()}}

    def clean(self) -> Any:
        data = self.cleaned_data
        device_type, pincode = data.get("device_type"), data.get("pincode")
        if device_type and pincode and self.instance.status == RuleStatus.ACTIVE and not self.errors:
            self._check_other_rules(device_type.pk, pincode, data["effective_from"], data["effective_to"])
        return super().clean()

    def _check_other_rules(self, type_code: str, pincode: str, first: date | None, last: date | None) -> None:
        own_id = None if self.instance._state.adding else self.instance.pk
        if last is not None:
            check_period(self, type_code, pincode, first, last, exclude_id=own_id)
            return
        defaults = PricingRule.objects.active().defaults().filter(device_type=type_code, pincode=pincode)
        if (defaults.exclude(pk=own_id) if own_id else defaults).exists():
            self.add_error("effective_to", DEFAULT_PRICE_EXISTS)


def check_period(
    form: forms.BaseForm, type_code: str, pincode: str, first: date | None, last: date, *, exclude_id: Any = None
) -> None:
    """Add an error to the days of `form` if they are no period, and one for each rule that overlaps with them."""
    if first is None or last < first:
        form.add_error("effective_to", INVALID_PERIOD)
        return
    rules = overlapping_rules(type_code, pincode, first, last, exclude_id=exclude_id)
    for rule in rules:
        form.add_error("effective_from", f"Overlaps with the rule of {overlap_text(rule)}")


def overlap_text(rule: PricingRule) -> str:
    """Return the days and rates of a rule, as `1 Jan 2024 to 31 Jan 2024 (₹ 1,500 an hour)`."""
    return f"{format_rule_dates(rule)} ({format_rates(rule.rates.all())})"
