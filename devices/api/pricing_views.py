"""Handle requests about prices and rental limits."""

from rest_framework.response import Response

from accounts.requests import ActorRequest
from core.contracts.filters import choice_param
from core.contracts.schema import documented
from core.errors import NotFound
from devices.api.admin_views import AdminDeviceViewSet
from devices.api.pricing_serializers import (
    DevicePricesInput,
    PricingRuleInput,
    PricingRuleOutput,
    PricingRulesOutput,
    PricingStatusOutput,
    ThresholdInput,
    ThresholdOutput,
)
from devices.choices import RuleStatus
from devices.models import Device, DeviceType, PricingRule, RentalThreshold
from devices.pricing import PriceTerms, add_pricing_rules, prices_of, set_threshold, update_pricing_rule

NO_THRESHOLD = "Threshold not found"


class DevicePricesView(AdminDeviceViewSet):
    @documented(response=PricingStatusOutput)
    def retrieve(self, request: ActorRequest, device_id: str) -> Response:
        """Return the rules for the device's type and PIN code (step 3)."""
        return self.reply(PricingStatusOutput(prices_of(Device.objects.find(device_id))).data)

    @documented(request=DevicePricesInput, response=PricingRulesOutput, status=201)
    def create(self, request: ActorRequest, device_id: str) -> Response:
        """Create rules for the device's type and PIN code, all or none (step 3)."""
        device = Device.objects.select_related("device_type").find(device_id)
        terms = self.read(DevicePricesInput)["terms"]
        rules = add_pricing_rules(device_type=device.device_type, pincode=device.pincode, terms=terms, by=request.auth)
        return self.reply_created(PricingRulesOutput(rules).data)


class PricingRuleView(AdminDeviceViewSet):
    rules = PricingRule.objects.prefetch_related("rates")

    @documented(
        page=PricingRuleOutput,
        query={
            "deviceTypeId": "Only of this type.",
            "pincode": "Only at this PIN code.",
            "status": "ACTIVE, INACTIVE.",
        },
    )
    def list(self, request: ActorRequest) -> Response:
        """List all pricing rules, newest first."""
        params = request.query_params
        rules = self.rules.all()
        if status := choice_param(params.get("status"), RuleStatus.values, "status"):
            rules = rules.filter(status=status)
        if code := params.get("deviceTypeId"):
            rules = rules.filter(device_type__in=DeviceType.objects.with_code(code))
        if pincode := params.get("pincode"):
            rules = rules.at(pincode)
        return self.reply_page(rules, PricingRuleOutput)

    @documented(request=PricingRuleInput, response=PricingRuleOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Create a rule for a type of device at a PIN code; without `effectiveTo` it is the default rule."""
        fields = self.read(PricingRuleInput)
        device_type, pincode = fields.pop("device_type"), fields.pop("pincode")
        terms = [PriceTerms(**fields)]
        rules = add_pricing_rules(device_type=device_type, pincode=pincode, terms=terms, by=request.auth)
        return self.reply_created(PricingRuleOutput(rules[0]).data)

    @documented(response=PricingRuleOutput)
    def retrieve(self, request: ActorRequest, rule_id: str) -> Response:
        """Return one pricing rule."""
        return self.reply(PricingRuleOutput(self.rules.find(rule_id)).data)

    @documented(request=PricingRuleInput, response=PricingRuleOutput)
    def update(self, request: ActorRequest, rule_id: str) -> Response:
        """Change a rule; missing fields keep their values, and `rules` replace all its rates."""
        rule = PricingRule.objects.select_related("device_type").find(rule_id)
        update_pricing_rule(rule, by=request.auth, **self.read(PricingRuleInput, changing=rule))
        return self.reply(PricingRuleOutput(self.rules.find(rule_id)).data)


class ThresholdView(AdminDeviceViewSet):
    @documented(request=ThresholdInput, response=ThresholdOutput)
    def create(self, request: ActorRequest) -> Response:
        """Replace the rental limit of a device type; 201 if it had none, else 200."""
        threshold, is_new = set_threshold(by=request.auth, **self.read(ThresholdInput))
        return self.reply(ThresholdOutput(threshold).data, status=201 if is_new else 200)

    @documented(response=ThresholdOutput)
    def retrieve(self, request: ActorRequest, code: str) -> Response:
        """Return the rental limit of a device type."""
        device_type = DeviceType.objects.find(code)
        threshold = RentalThreshold.objects.filter(device_type=device_type).first()
        if threshold is None:
            raise NotFound(NO_THRESHOLD)
        return self.reply(ThresholdOutput(threshold).data)
