"""What a device costs: the rules for its type and PIN code, and adding those that are missing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.errors import DomainError
from devices.admin.pages import DevicePages
from devices.forms.pricing import DefaultPriceForm, PeriodPriceForm
from devices.models import Device, PricingRule
from devices.onboarding import Step
from devices.pricing import add_pricing_rules, prices_of

ADDED = {"default": "Default price added.", "period": "Price of the period added."}
PRICE_RIGHT = "devices.add_pricingrule"


class PricePages(DevicePages):
    """Step 4."""

    def price_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The rules that hold, and a form for the default one or for a period."""
        device = self.device_to_change(request, object_id)
        kind = request.POST.get("kind", "")
        if request.method == "POST" and kind not in ADDED:
            return self.after(request, device, Step.PRICE)
        forms_shown = _forms(request, device, kind)
        if request.method == "POST" and self._add_rule(request, device, forms_shown[kind]):
            self.message_user(request, ADDED[kind], messages.SUCCESS)
            return self.to_step(device, Step.PRICE) if kind == "period" else self.after(request, device, Step.PRICE)
        return self.step_page(request, device, Step.PRICE, self._shown(request, device, forms_shown, kind))

    def _shown(self, request: HttpRequest, device: Device, forms_shown: dict, kind: str) -> dict[str, Any]:
        same = Device.objects.filter(device_type=device.device_type_id, pincode=device.pincode)
        return {
            "prices": prices_of(device),
            "default_form": forms_shown["default"],
            "period_form": forms_shown["period"],
            "period_is_open": kind == "period",
            "others": same.exclude(pk=device.pk).count() if device.pincode else 0,
            "may_price": request.user.has_perm(PRICE_RIGHT),
        }

    def _add_rule(self, request: HttpRequest, device: Device, form: Any) -> bool:
        if not request.user.has_perm(PRICE_RIGHT):
            raise PermissionDenied
        if not form.is_valid():
            return False
        place = {"device_type": device.device_type, "pincode": device.pincode}
        try:
            rules = add_pricing_rules(**place, terms=[form.terms], by=self.by(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return False
        self.admin_site.get_model_admin(PricingRule).log_addition(request, rules[0], f"For {device}")
        return True


def _forms(request: HttpRequest, device: Device, kind: str) -> dict[str, forms.Form]:
    kinds = {"default": DefaultPriceForm, "period": PeriodPriceForm}
    return {
        name: form(request.POST if name == kind else None, prefix=name, device=device) for name, form in kinds.items()
    }
