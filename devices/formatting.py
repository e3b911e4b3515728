"""Format prices for pages."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format

from core.rupees import format_inr
from devices.choices import Metric
from devices.models import PricingRate, PricingRule

_PER = {Metric.PER_HOUR: "an hour", Metric.PER_ACRE: "an acre"}


def format_rates(rates: Iterable[PricingRate]) -> str:
    """Format rates as `₹ 1,500 an hour, ₹ 900 an acre`."""
    return ", ".join(f"{format_inr(rate.rate)} {_PER[Metric(rate.metric)]}" for rate in rates)


def format_rule_dates(rule: PricingRule) -> str:
    """Format the days of a rule: `1 Jan 2024 to 31 Jan 2024`; of a default rule `always` or `from 1 Jan 2024 on`."""
    if rule.effective_to is not None:
        return f"{_format_day(rule.effective_from)} to {_format_day(rule.effective_to)}"
    return "always" if rule.effective_from is None else f"from {_format_day(rule.effective_from)} on"


def _format_day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""
