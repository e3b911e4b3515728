"""Prices and thresholds in the back office."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_actions import act_on_each
from devices.admin.kept import KeptAdmin
from devices.forms import PricingRuleForm
from devices.models import PricingRate, PricingRule, RentalThreshold
from devices.pricing import change_pricing_rule


def setter(name: str, description: str, status: PricingRule.Status) -> Callable[..., None]:
    return act_on_each(name, description, lambda rule, by: change_pricing_rule(rule, status=status, by=by))


class RateInline(admin.TabularInline):
    model = PricingRate
    extra = 0
    min_num = 1
    validate_min = True
    max_num = 2


@admin.register(PricingRule)
class PricingRuleAdmin(KeptAdmin):
    form = PricingRuleForm
    list_display = ["device_type", "pincode", "effective_from", "effective_to", "rates_shown", "status"]
    list_filter = ["status", "device_type", ("effective_to", admin.EmptyFieldListFilter)]
    list_select_related = ["device_type"]
    search_fields = ["pincode__startswith"]
    search_help_text = "PIN code"
    readonly_fields = ["created_at", "updated_at"]
    inlines = [RateInline]
    actions = [
        setter("put_in_force", "Put in force", PricingRule.Status.ACTIVE),
        setter("take_out_of_force", "Take out of force", PricingRule.Status.INACTIVE),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PricingRule]:
        return super().get_queryset(request).prefetch_related("rates")

    @admin.display(description="rates (rupees)")
    def rates_shown(self, rule: PricingRule) -> str:
        return ", ".join(str(rate) for rate in rule.rates.all())


@admin.register(RentalThreshold)
class RentalThresholdAdmin(KeptAdmin):
    list_display = ["device_type", "max_rental_hours", "max_rental_acres", "effective_from", "effective_to", "status"]
    list_filter = ["status"]
    list_select_related = ["device_type"]
    readonly_fields = ["created_at", "updated_at"]
