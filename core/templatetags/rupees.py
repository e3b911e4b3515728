"""The filter `{{ amount|rupees }}`."""

from decimal import Decimal

from django import template

from core.rupees import in_figures

register = template.Library()


@register.filter
def rupees(amount: Decimal | None) -> str:
    """Return the amount as `₹ 1,25,000`; a dash for None."""
    return "-" if amount is None else in_figures(amount)
