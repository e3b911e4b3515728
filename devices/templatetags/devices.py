"""Format prices in templates."""

from collections.abc import Iterable

from django import template
from django.utils import timezone

from devices.formatting import format_rates, format_rule_dates
from devices.models import PricingRate, PricingRule

register = template.Library()


@register.filter
def in_rupees(rates: Iterable[PricingRate]) -> str:
    """Format rates: `{{ rule.rates.all|in_rupees }}` is `₹ 1,500 an hour, ₹ 900 an acre`."""
    return format_rates(rates)


@register.filter
def days(rule: PricingRule) -> str:
    """Format the days of a rule: `{{ rule|days }}` is `1 Jan 2024 to 31 Jan 2024`."""
    return format_rule_dates(rule)


@register.filter
def holds_today(rule: PricingRule) -> bool:
    """Tell whether today is in the period of a rule."""
    today = timezone.localdate()
    return rule.effective_from is not None and rule.effective_from <= today <= (rule.effective_to or today)
