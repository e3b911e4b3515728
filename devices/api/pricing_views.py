"""Prices and thresholds over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.filters import choice_param
from core.contracts.schema import documented
from core.errors import NotFound
from devices.api.office import OfficeViewSet
from devices.api.pricing_serializers import (
    DevicePricesInput,
    PricingRuleInput,
    PricingRuleOutput,
    PricingRulesOutput,
    PricingStatusOutput,
    ThresholdInput,
    ThresholdOutput,
)
from devices.models import Device, DeviceType, PricingRule, RentalThreshold
from devices.pricing import PriceTerms, add_pricing_rules, change_pricing_rule, prices_of, set_threshold


class DevicePricesView(OfficeViewSet):
    @documented(response=PricingStatusOutput)
    def retrieve(self, request: Request, device_id: str) -> Response:
        """Step 3: the rules for the device's type and PIN code."""
        return self.reply(PricingStatusOutput(prices_of(Device.objects.find(device_id))).data)

    @documented(request=DevicePricesInput, response=PricingRulesOutput, status=201)
    def create(self, request: Request, device_id: str) -> Response:
        """Step 3: add rules for the device's type and PIN code: all, or none."""
        device = Device.objects.select_related("device_type").find(device_id)
        terms = self.read(DevicePricesInput)["terms"]
        rules = add_pricing_rules(device_type=device.device_type, pincode=device.pincode, terms=terms, by=request.auth)
        return self.reply_created(PricingRulesOutput(rules).data)


class PricingRuleView(OfficeViewSet):
    rules = PricingRule.objects.prefetch_related("rates")

    @documented(
        page=PricingRuleOutput,
        query={
            "deviceTypeId": "Only of this type.",
            "pincode": "Only at this PIN code.",
            "status": "ACTIVE, INACTIVE.",
        },
    )
    def list(self, request: Request) -> Response:
        """All pricing rules, newest first."""
        asked = request.query_params
        rules = self.rules.all()
        if status := choice_param(asked.get("status"), PricingRule.Status.values, "status"):
            rules = rules.filter(status=status)
        if code := asked.get("deviceTypeId"):
            rules = rules.filter(device_type__in=DeviceType.objects.with_code(code))
        if pincode := asked.get("pincode"):
            rules = rules.at(pincode)
        return self.reply_page(rules, PricingRuleOutput)

    @documented(request=PricingRuleInput, response=PricingRuleOutput, status=201)
    def create(self, request: Request) -> Response:
        """Price a type of device at a PIN code; without `effectiveTo` it is the default rule."""
        sent = self.read(PricingRuleInput)
        place = {"device_type": sent.pop("device_type"), "pincode": sent.pop("pincode")}
        rule = add_pricing_rules(**place, terms=[PriceTerms(**sent)], by=request.auth)[0]
        return self.reply_created(PricingRuleOutput(rule).data)

    @documented(response=PricingRuleOutput)
    def retrieve(self, request: Request, rule_id: str) -> Response:
        """One pricing rule."""
        return self.reply(PricingRuleOutput(self.rules.find(rule_id)).data)

    @documented(request=PricingRuleInput, response=PricingRuleOutput)
    def update(self, request: Request, rule_id: str) -> Response:
        """Change a rule; what is missing stays as it is, and `rules` replace all its rates."""
        rule = PricingRule.objects.select_related("device_type").find(rule_id)
        change_pricing_rule(rule, by=request.auth, **self.read(PricingRuleInput, changing=rule))
        return self.reply(PricingRuleOutput(self.rules.find(rule_id)).data)


class ThresholdView(OfficeViewSet):
    @documented(request=ThresholdInput, response=ThresholdOutput)
    def create(self, request: Request) -> Response:
        """Say up to how much counts as a rental, in place of what was said before; 201 where nothing was."""
        threshold, is_new = set_threshold(by=request.auth, **self.read(ThresholdInput))
        return self.reply(ThresholdOutput(threshold).data, status=201 if is_new else 200)

    @documented(response=ThresholdOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """The threshold of a device type."""
        device_type = DeviceType.objects.find(code)
        threshold = RentalThreshold.objects.filter(device_type=device_type).first()
        if threshold is None:
            raise NotFound("Threshold not found")
        return self.reply(ThresholdOutput(threshold).data)
