"""Write pricing rules and rental limits, and estimate prices."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.actors import Actor
from core.database import translate_constraint_errors
from core.errors import DomainError
from devices.choices import Metric, RuleStatus
from devices.models import Device, DeviceType, PricingRate, PricingRule, RentalThreshold
from devices.models.pricing import DEFAULT_PRICE_EXISTS, ONE_DEFAULT_PRICE, PERIOD_IS_PRICED, PERIODS_NEVER_OVERLAP
from devices.policies import must_manage_devices

Rates = dict[str, Decimal]
"""Rupees by metric."""
MAX_PERIODS_SHOWN = 200
PINCODE_NEEDED = "A price holds at a PIN code: say first where the device stands"
RATE_NEEDED = "At least one rate is required"
_PAISA = Decimal("0.01")
_CONSTRAINT_ERRORS = {ONE_DEFAULT_PRICE: DEFAULT_PRICE_EXISTS, PERIODS_NEVER_OVERLAP: PERIOD_IS_PRICED}


@dataclass(frozen=True)
class PriceTerms:
    """Represent the terms of a rule: its rates, and the days on which they are valid; always without a last day."""

    rates: Rates
    effective_from: date | None = None
    effective_to: date | None = None
    status: str = RuleStatus.ACTIVE


@dataclass(frozen=True)
class DevicePrices:
    """Represent the active rules for one device: the default one, and those of periods."""

    default_rule: PricingRule | None
    period_rules: list[PricingRule]

    @property
    def lacks_default(self) -> bool:
        return self.default_rule is None


def prices_of(device: Device) -> DevicePrices:
    """Return the active rules for the device, the latest period first."""
    rules = PricingRule.objects.of(device).prefetch_related("rates")
    periods = rules.of_periods().order_by("-effective_from")
    return DevicePrices(rules.defaults().first(), list(periods[:MAX_PERIODS_SHOWN]))


def estimated_price(device: Device, on: date, hours: Decimal | None, acres: Decimal | None) -> Decimal | None:
    """Return the price in rupees of `hours` or, if they are None, of `acres`, by the rates valid on the day `on`.

    The rate of a period takes precedence over the default one. None without an amount or without such a rate.
    """
    metric, amount = (Metric.PER_ACRE, acres) if hours is None else (Metric.PER_HOUR, hours)
    if amount is None:
        return None
    rules = PricingRule.objects.of(device).valid_on(on)
    rates = PricingRate.objects.filter(rule__in=rules, metric=metric)
    rate = rates.order_by(F("rule__effective_to").asc(nulls_last=True)).first()
    return None if rate is None else (amount * rate.rate).quantize(_PAISA, ROUND_HALF_UP)


def overlapping_rules(
    type_code: str, pincode: str, first: date, last: date, *, exclude_id: UUID | None = None
) -> list[PricingRule]:
    """Return active rules of periods that share a day with `first` to `last`, except the one with the id `exclude_id`.

    For early warnings: an exclusion constraint refuses overlaps.
    """
    rules = PricingRule.objects.active().of_periods().filter(device_type=type_code, pincode=pincode)
    shared = rules.filter(effective_from__lte=last, effective_to__gte=first)
    shared = shared.exclude(pk=exclude_id) if exclude_id else shared
    return list(shared.prefetch_related("rates").order_by("effective_from")[:MAX_PERIODS_SHOWN])


def has_default_price(device: Device) -> bool:
    return PricingRule.objects.of(device).defaults().exists()


@transaction.atomic
def add_pricing_rules(
    *, device_type: DeviceType, pincode: str, terms: list[PriceTerms], by: Actor
) -> list[PricingRule]:
    """Create pricing rules for a type of device at a PIN code, all or none, and return them.

    Raises Forbidden for anyone but an ADMIN, DomainError without a PIN code (of a DRAFT), for a second default rule
    or for a period that overlaps another one.
    """
    must_manage_devices(None, by)
    if not pincode:
        raise DomainError(PINCODE_NEEDED)
    _lock_type(device_type)
    return [_add_rule(device_type, pincode, each) for each in terms]


@transaction.atomic
def update_pricing_rule(rule: PricingRule, *, by: Actor, rates: Rates | None = None, **changes: Any) -> PricingRule:
    """Change a rule and return it; `rates` replace all its rates. Raises as `add_pricing_rules`."""
    _lock_type(changes.get("device_type", rule.device_type))
    rule = PricingRule.objects.lock(rule.pk)
    must_manage_devices(None, by)
    for name, value in changes.items():
        setattr(rule, name, value)
    with translate_constraint_errors(**_CONSTRAINT_ERRORS):
        rule.save()
    if rates is not None:
        rule.rates.all().delete()
        _write_rates(rule, rates)
    return rule


@transaction.atomic
def set_threshold(*, device_type: DeviceType, by: Actor, **terms: Any) -> tuple[RentalThreshold, bool]:
    """Replace the rental limit of a device type; return it, and whether it is new. Raises Forbidden."""
    must_manage_devices(None, by)
    _lock_type(device_type)
    empty: dict[str, Any] = dict.fromkeys(("max_rental_hours", "max_rental_acres", "effective_from", "effective_to"))
    empty["status"] = RuleStatus.ACTIVE
    return RentalThreshold.objects.update_or_create(device_type=device_type, defaults=empty | terms)


def _lock_type(device_type: DeviceType) -> None:
    # Concurrent writers of one period would deadlock on the exclusion constraint.
    DeviceType.objects.lock(device_type.pk)


def _add_rule(device_type: DeviceType, pincode: str, terms: PriceTerms) -> PricingRule:
    with translate_constraint_errors(**_CONSTRAINT_ERRORS):
        rule = PricingRule.objects.create(
            device_type=device_type,
            pincode=pincode,
            effective_from=terms.effective_from,
            effective_to=terms.effective_to,
            status=terms.status,
        )
    _write_rates(rule, terms.rates)
    return rule


def _write_rates(rule: PricingRule, rates: Rates) -> None:
    if not rates:
        raise DomainError(RATE_NEEDED)
    PricingRate.objects.bulk_create(PricingRate(rule=rule, metric=metric, rate=rate) for metric, rate in rates.items())
