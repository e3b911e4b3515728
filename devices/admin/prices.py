"""The admin page of a device's prices: the rules for its type and PIN code, and forms that add one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.requests import staff_user
from devices.admin.pages import DevicePages, errors_in
from devices.forms.pricing import DefaultPriceForm, PeriodPriceForm
from devices.models import Device, PricingRule
from devices.onboarding import Step
from devices.pricing import add_pricing_rules, prices_of

SUCCESS_MESSAGES = {"default": "Default price added.", "period": "Price of the period added."}
ADD_PRICING_RULE = "devices.add_pricingrule"


class PricePages(DevicePages):
    """Render step 4 of the onboarding."""

    def price_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Render the active rules and two forms: for the default rule and for a period; on POST add one rule."""
        device = self.device_to_change(request, object_id)
        kind = request.POST.get("kind", "")
        if request.method == "POST" and kind not in SUCCESS_MESSAGES:
            return self.redirect_after(request, device, Step.PRICE)
        kind_forms = _forms(request, device, kind)
        if request.method == "POST" and self._add_rule(request, device, kind_forms[kind]):
            self.message_user(request, SUCCESS_MESSAGES[kind], messages.SUCCESS)
            if kind == "period":  # several may follow
                return self.redirect_to_step(device, Step.PRICE)
            return self.redirect_after(request, device, Step.PRICE)
        return self.step_page(request, device, Step.PRICE, self._context(request, device, kind_forms, kind))

    def _context(self, request: HttpRequest, device: Device, kind_forms: dict, kind: str) -> dict[str, Any]:
        same = Device.objects.filter(device_type=device.device_type_id, pincode=device.pincode)
        return {
            "prices": prices_of(device),
            "default_form": kind_forms["default"],
            "period_form": kind_forms["period"],
            "period_is_open": kind == "period",
            "others": same.exclude(pk=device.pk).count() if device.pincode else 0,
            "may_add_price": staff_user(request).has_perm(ADD_PRICING_RULE),
        }

    def _add_rule(self, request: HttpRequest, device: Device, form: Any) -> bool:
        if not staff_user(request).has_perm(ADD_PRICING_RULE):
            raise PermissionDenied
        if not form.is_valid():
            return False
        device_type, pincode, by = device.device_type, device.pincode, self.get_actor(request)
        with errors_in(form):
            rules = add_pricing_rules(device_type=device_type, pincode=pincode, terms=[form.terms], by=by)
            self.admin_site.get_model_admin(PricingRule).log_addition(request, rules[0], f"For {device}")
            return True
        return False


def _forms(request: HttpRequest, device: Device, kind: str) -> dict[str, forms.Form]:
    kinds = {"default": DefaultPriceForm, "period": PeriodPriceForm}
    return {
        name: form(request.POST if name == kind else None, prefix=name, device=device) for name, form in kinds.items()
    }
