"""Format amounts in templates: `{{ amount|rupees }}`."""

from decimal import Decimal

from django import template

from core.rupees import format_inr

register = template.Library()


@register.filter
def rupees(amount: Decimal | None) -> str:
    """Return `₹ 1,25,000`, or a dash if there is no amount."""
    return "-" if amount is None else format_inr(amount)
