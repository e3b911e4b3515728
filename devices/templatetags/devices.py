"""Prices in templates, in words."""

from collections.abc import Iterable

from django import template
from django.utils import timezone

from devices.models import PricingRate, PricingRule
from devices.words import days_in_words, rates_in_words

register = template.Library()


@register.filter
def in_rupees(rates: Iterable[PricingRate]) -> str:
    """`{{ rule.rates.all|in_rupees }}`: `₹ 1,500 an hour, ₹ 900 an acre`."""
    return rates_in_words(rates)


@register.filter
def days(rule: PricingRule) -> str:
    """`{{ rule|days }}`: `1 Jan 2024 to 31 Jan 2024`."""
    return days_in_words(rule)


@register.filter
def holds_today(rule: PricingRule) -> bool:
    """Whether today lies in the period of a rule."""
    today = timezone.localdate()
    return rule.effective_from is not None and rule.effective_from <= today <= (rule.effective_to or today)
