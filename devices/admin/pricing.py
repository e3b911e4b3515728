"""Admin pages of pricing rules and rental limits."""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.utils.dateparse import parse_date

from accounts.admin.territory_scope import TerritoryScopedAdmin
from core.admin.actions import RowAction, bulk_action
from core.admin.badges import status_badge
from core.admin.links import change_url
from core.admin.stale_forms import EditableAdmin
from core.admin.views import guarded_view
from core.database import uuid_of
from core.errors import DomainError
from core.text import canonical_digits
from devices.choices import RuleStatus
from devices.formatting import format_rates
from devices.forms.pricing import PricingRuleForm, overlap_text
from devices.models import PricingRule, RentalThreshold
from devices.pricing import PriceTerms, add_pricing_rules, overlapping_rules, set_threshold, update_pricing_rule

COLUMNS = ["device_type", "pincode", "effective_from", "effective_to"]
THRESHOLD_EXISTS = "This type already has a rental limit. Change that one."


ACTIVATE = RowAction(
    "activate", "Activate", partial(update_pricing_rule, status=RuleStatus.ACTIVE), success="activated"
)
DEACTIVATE = RowAction(
    "deactivate", "Deactivate", partial(update_pricing_rule, status=RuleStatus.INACTIVE), success="deactivated"
)


@admin.register(PricingRule)
class PricingRuleAdmin(TerritoryScopedAdmin, EditableAdmin):
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
    actions = [bulk_action(ACTIVATE), bulk_action(DEACTIVATE)]

    def get_urls(self) -> list[URLPattern]:
        view, permission = self.overlaps_view, self.has_view_permission
        name = "devices_pricingrule_overlaps"
        return [guarded_view(self, "overlaps/", view, name=name, permission=permission), *super().get_urls()]

    def overlaps_view(self, request: HttpRequest) -> HttpResponse:
        """Return JSON for the forms: the rules that overlap with the typed days, before anything is saved."""
        query = {name: str(value).replace("\0", "") for name, value in request.GET.items()}
        pincode = canonical_digits(query.get("pincode", ""))
        first, last = _parse_day(query.get("first", "")), _parse_day(query.get("last", ""))
        rules = []
        if first is not None and last is not None and first <= last:
            exclude_id = uuid_of(query.get("exclude", ""))
            rules = overlapping_rules(query.get("type", ""), pincode, first, last, exclude_id=exclude_id)
        return JsonResponse({"overlaps": [_overlap(rule) for rule in rules]})

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, canonical_digits(term))

    def get_queryset(self, request: HttpRequest) -> QuerySet[PricingRule]:
        return super().get_queryset(request).prefetch_related("rates")

    def save_model(self, request: HttpRequest, obj: PricingRule, form: PricingRuleForm, change: bool) -> None:
        by, data = self.get_actor(request), form.cleaned_data
        if change:
            update_pricing_rule(obj, by=by, rates=form.rates, **{name: data[name] for name in COLUMNS})
            return
        terms = PriceTerms(form.rates, data["effective_from"], data["effective_to"])
        rule = add_pricing_rules(device_type=data["device_type"], pincode=data["pincode"], terms=[terms], by=by)[0]
        obj.pk, obj._state = rule.pk, rule._state

    def form_version(self, form: forms.BaseForm, request: HttpRequest, row: Any) -> str:
        rates = sorted(row.rates.values_list("metric", "rate"))
        return super().form_version(form, request, row) + repr(rates)

    @admin.display(description="rates")
    def rates_shown(self, rule: PricingRule) -> str:
        return format_rates(rule.rates.all())


@admin.register(RentalThreshold)
class RentalThresholdAdmin(EditableAdmin):
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
        data = {"device_type": obj.device_type} | form.cleaned_data
        saved, is_new = set_threshold(by=self.get_actor(request), **data)
        if not change and not is_new:
            raise DomainError(THRESHOLD_EXISTS)
        obj.pk, obj._state = saved.pk, saved._state


def _parse_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _overlap(rule: PricingRule) -> dict[str, str]:
    return {"text": overlap_text(rule), "url": change_url(rule)}
