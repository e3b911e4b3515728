"""Prices and thresholds in the back office."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_date

from accounts.actors import back_office_actor
from accounts.admin_actions import act_on_each
from accounts.admin_territories import TerritoryScopedAdmin
from core.admin.badges import status_badge
from core.admin.saves import KeptAdmin, SavedByService
from core.admin.versions import GuardedAdmin
from core.database import uuid_of
from core.errors import DomainError
from devices.choices import RuleStatus
from devices.formatting import format_rates
from devices.forms.pricing import PricingRuleForm, overlap_in_words
from devices.models import PricingRule, RentalThreshold
from devices.pricing import PriceTerms, add_pricing_rules, overlapping_rules, set_threshold, update_pricing_rule

COLUMNS = ["device_type", "pincode", "effective_from", "effective_to"]
THRESHOLD_EXISTS = "Somebody has just set the threshold of this type. Change that one."


def setter(name: str, description: str, status: RuleStatus) -> Callable[..., None]:
    return act_on_each(name, description, lambda rule, by: update_pricing_rule(rule, status=status, by=by))


@admin.register(PricingRule)
class PricingRuleAdmin(TerritoryScopedAdmin, GuardedAdmin, SavedByService, KeptAdmin):
    pincode_path = "pincode"
    form = PricingRuleForm
    change_form_template = "admin/devices/pricingrule/change_form.html"
    status_badge = status_badge
    list_display = ["device_type", "pincode", "effective_from", "effective_to", "rates_shown", "status_badge"]
    list_filter = ["status", "device_type", ("effective_to", admin.EmptyFieldListFilter)]
    list_select_related = ["device_type"]
    list_per_page = 50
    search_fields = ["pincode__startswith"]
    search_help_text = "PIN code"
    autocomplete_fields = ["device_type"]
    readonly_fields = ["created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["device_type", "pincode", ("effective_from", "effective_to"), ("per_hour", "per_acre")]}),
        (None, {"fields": ["status", "created_at", "updated_at"]}),
    ]
    actions = [
        setter("put_in_force", "Put in force", RuleStatus.ACTIVE),
        setter("take_out_of_force", "Take out of force", RuleStatus.INACTIVE),
    ]

    def get_urls(self) -> list[URLPattern]:
        overlaps = path(
            "overlaps/", self.admin_site.admin_view(self.overlaps_view), name="devices_pricingrule_overlaps"
        )
        return [overlaps, *super().get_urls()]

    def overlaps_view(self, request: HttpRequest) -> HttpResponse:
        """For the forms: which rules hold on some of the days that were typed, before anything is saved."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = {name: value.replace("\0", "") for name, value in request.GET.items()}
        first, last = _day(asked.get("first", "")), _day(asked.get("last", ""))
        rules = []
        if first is not None and last is not None and first <= last:
            place, exclude_id = (asked.get("type", ""), asked.get("pincode", "")), uuid_of(asked.get("exclude", ""))
            rules = overlapping_rules(*place, first, last, exclude_id=exclude_id)
        return JsonResponse({"overlaps": [_overlap(rule) for rule in rules]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[PricingRule]:
        return super().get_queryset(request).prefetch_related("rates")

    def save_model(self, request: HttpRequest, obj: PricingRule, form: PricingRuleForm, change: bool) -> None:
        by, said = back_office_actor(request.user), form.cleaned_data  # type: ignore[arg-type]
        if change:
            update_pricing_rule(obj, by=by, rates=form.rates, **{name: said[name] for name in COLUMNS})
            return
        terms = PriceTerms(form.rates, said["effective_from"], said["effective_to"])
        rule = add_pricing_rules(device_type=said["device_type"], pincode=said["pincode"], terms=[terms], by=by)[0]
        obj.pk, obj._state = rule.pk, rule._state

    def _version(self, form: forms.BaseForm, request: HttpRequest, row: Any) -> str:
        rates = sorted(row.rates.values_list("metric", "rate"))
        return super()._version(form, request, row) + repr(rates)

    @admin.display(description="rates")
    def rates_shown(self, rule: PricingRule) -> str:
        return format_rates(rule.rates.all())


@admin.register(RentalThreshold)
class RentalThresholdAdmin(GuardedAdmin, SavedByService, KeptAdmin):
    status_badge = status_badge
    list_display = [
        "device_type",
        "max_rental_hours",
        "max_rental_acres",
        "effective_from",
        "effective_to",
        "status_badge",
    ]
    list_filter = ["status"]
    list_select_related = ["device_type"]
    autocomplete_fields = ["device_type"]
    readonly_fields = ["created_at", "updated_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: RentalThreshold | None = None) -> list[str]:
        return ["device_type", *self.readonly_fields] if obj else []

    def save_model(self, request: HttpRequest, obj: RentalThreshold, form: forms.ModelForm, change: bool) -> None:
        said = {"device_type": obj.device_type} | form.cleaned_data
        saved, is_new = set_threshold(by=back_office_actor(request.user), **said)  # type: ignore[arg-type]
        if not change and not is_new:
            raise DomainError(THRESHOLD_EXISTS)
        obj.pk, obj._state = saved.pk, saved._state


def _day(said: str) -> date | None:
    try:
        return parse_date(said)
    except ValueError:
        return None


def _overlap(rule: PricingRule) -> dict[str, str]:
    url = reverse("admin:devices_pricingrule_change", args=[rule.pk])
    return {"text": overlap_in_words(rule), "url": url}
