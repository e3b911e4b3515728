"""`{{ amount|rupees }}` in templates."""

from decimal import Decimal

from django import template

from core.rupees import in_figures

register = template.Library()


@register.filter
def rupees(amount: Decimal | None) -> str:
    """`₹ 1,25,000`; a dash where no amount is known."""
    return "-" if amount is None else in_figures(amount)
