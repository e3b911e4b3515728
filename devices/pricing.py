"""What devices cost: writing rules and thresholds, and the price of a wish."""

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
from devices.models import Device, DeviceType, Metric, PricingRate, PricingRule, RentalThreshold
from devices.models.pricing import DEFAULT_PRICE_EXISTS, ONE_DEFAULT_PRICE, PERIOD_IS_PRICED, PERIODS_NEVER_OVERLAP
from devices.policies import must_manage_devices

Rates = dict[str, Decimal]
"""Rupees by metric."""
MAX_PERIODS_SHOWN = 200
PLACE_NEEDED = "A price holds at a PIN code: say first where the device stands"
_PAISA = Decimal("0.01")
_REFUSALS = {ONE_DEFAULT_PRICE: DEFAULT_PRICE_EXISTS, PERIODS_NEVER_OVERLAP: PERIOD_IS_PRICED}


@dataclass(frozen=True)
class PriceTerms:
    """What a rule says: its rates, and the days on which they hold; without a last day it is the default."""

    rates: Rates
    effective_from: date | None = None
    effective_to: date | None = None
    status: str = PricingRule.Status.ACTIVE


@dataclass(frozen=True)
class DevicePrices:
    """The active rules for one device: the default one, and those of periods."""

    default_rule: PricingRule | None
    period_rules: list[PricingRule]

    @property
    def lacks_default(self) -> bool:
        return self.default_rule is None


def prices_of(device: Device) -> DevicePrices:
    """What the device costs, the latest period first."""
    rules = PricingRule.objects.of(device).prefetch_related("rates")
    periods = rules.exclude(PricingRule.DEFAULT).order_by("-effective_from")
    return DevicePrices(rules.defaults().first(), list(periods[:MAX_PERIODS_SHOWN]))


def estimated_price(device: Device, on: date, hours: Decimal | None, acres: Decimal | None) -> Decimal | None:
    """Rupees for so many hours or, where no hours are named, acres, by the prices of the day `on`.

    A period's rate goes before the default one. None where nothing is asked for or no rule has such a rate.
    """
    metric, amount = (Metric.PER_ACRE, acres) if hours is None else (Metric.PER_HOUR, hours)
    if amount is None:
        return None
    rules = PricingRule.objects.of(device).in_force(on)
    rates = PricingRate.objects.filter(rule__in=rules, metric=metric)
    rate = rates.order_by(F("rule__effective_to").asc(nulls_last=True)).first()
    return None if rate is None else (amount * rate.rate).quantize(_PAISA, ROUND_HALF_UP)


def overlapping_rules(
    type_code: str, pincode: str, first: date, last: date, *, besides: UUID | None = None
) -> list[PricingRule]:
    """The active rules of periods that share a day with `first` to `last`, leaving out the one with the id `besides`.

    To be told of early; that none overlaps is seen to by the database.
    """
    rules = PricingRule.objects.active().exclude(PricingRule.DEFAULT).filter(device_type=type_code, pincode=pincode)
    shared = rules.filter(effective_from__lte=last, effective_to__gte=first)
    shared = shared.exclude(pk=besides) if besides else shared
    return list(shared.prefetch_related("rates").order_by("effective_from")[:MAX_PERIODS_SHOWN])


def has_default_price(device: Device) -> bool:
    return PricingRule.objects.of(device).defaults().exists()


@transaction.atomic
def add_pricing_rules(
    *, device_type: DeviceType, pincode: str, terms: list[PriceTerms], by: Actor
) -> list[PricingRule]:
    """Price a type of device at a PIN code: all of the rules, or none.

    Raises DomainError for a second default rule, or for a period in which another rule holds.
    """
    must_manage_devices(None, by)
    if not pincode:  # of a DRAFT
        raise DomainError(PLACE_NEEDED)
    _queue_for(device_type)
    return [_add_rule(device_type, pincode, each) for each in terms]


@transaction.atomic
def change_pricing_rule(rule: PricingRule, *, by: Actor, rates: Rates | None = None, **changes: Any) -> PricingRule:
    """Change what a rule says; `rates` replace all rates it had. Raises DomainError as adding it so would."""
    must_manage_devices(None, by)
    _queue_for(changes.get("device_type", rule.device_type))
    rule = PricingRule.objects.select_for_update(no_key=True).find(rule.pk)
    for name, value in changes.items():
        setattr(rule, name, value)
    with translate_constraint_errors(**_REFUSALS):
        rule.save()
    if rates is not None:
        rule.rates.all().delete()
        _write_rates(rule, rates)
    return rule


@transaction.atomic
def set_threshold(*, device_type: DeviceType, by: Actor, **terms: Any) -> tuple[RentalThreshold, bool]:
    """Say up to how much of this type counts as a rental, in place of what was said before; True where nothing was."""
    must_manage_devices(None, by)
    _queue_for(device_type)
    unsaid: dict[str, Any] = dict.fromkeys(("max_rental_hours", "max_rental_acres", "effective_from", "effective_to"))
    unsaid["status"] = RentalThreshold.Status.ACTIVE
    return RentalThreshold.objects.update_or_create(device_type=device_type, defaults=unsaid | terms)


def _queue_for(device_type: DeviceType) -> None:
    # Rivals for one period would deadlock on the exclusion constraint; so they wait here, for one another.
    DeviceType.objects.lock(device_type.pk)


def _add_rule(device_type: DeviceType, pincode: str, terms: PriceTerms) -> PricingRule:
    with translate_constraint_errors(**_REFUSALS):
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
        raise DomainError("At least one rate is required")
    PricingRate.objects.bulk_create(PricingRate(rule=rule, metric=metric, rate=rate) for metric, rate in rates.items())
