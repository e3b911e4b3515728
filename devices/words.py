"""Prices as people read them."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format

from core.rupees import format_inr
from devices.models import Metric, PricingRate, PricingRule

_PER = {Metric.PER_HOUR: "an hour", Metric.PER_ACRE: "an acre"}


def rates_in_words(rates: Iterable[PricingRate]) -> str:
    """`₹ 1,500 an hour, ₹ 900 an acre`."""
    return ", ".join(f"{format_inr(rate.rate)} {_PER[Metric(rate.metric)]}" for rate in rates)


def days_in_words(rule: PricingRule) -> str:
    """`1 Jan 2024 to 31 Jan 2024`; the default rule holds always, or from a day on."""
    if rule.effective_to is not None:
        return f"{_day(rule.effective_from)} to {_day(rule.effective_to)}"
    return "always" if rule.effective_from is None else f"from {_day(rule.effective_from)} on"


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""
