"""Admin pages of the onboarding: device details, location, media, price, and the review."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path

from core.admin.links import change_url
from core.admin.views import guarded_view
from devices.admin.locations import LocationPages
from devices.admin.media import MediaPages
from devices.admin.pages import REVIEW, errors_in
from devices.admin.prices import PricePages
from devices.forms.details import MORE_DETAILS, DeviceDetailsForm
from devices.models import Device, DeviceType, Manufacturer
from devices.onboarding import IN_ONBOARDING, Step, progress_of
from devices.pricing import prices_of
from devices.services import create_device, update_device
from devices.workflow import DeviceStatus


class OnboardingPages(LocationPages, MediaPages, PricePages):
    """Lead a device from its first details to LIVE; each step is saved, so the onboarding can be continued later."""

    def get_urls(self) -> list[URLPattern]:
        name, permission = "devices_device_onboard", self.has_add_permission
        step = self.admin_site.admin_view(self.step_view)
        return [
            guarded_view(self, "onboard/", self.onboard_view, name=name, permission=permission),
            path("<uuid:object_id>/onboard/<str:step>/", step, name="devices_device_onboard_step"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Redirect to the onboarding, the only way to add a device."""
        return redirect("admin:devices_device_onboard")

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Render one step of an existing device. Raises Http404 for an unknown step."""
        pages = {
            Step.DEVICE: self.details_view,
            Step.LOCATION: self.location_view,
            Step.MEDIA: self.media_view,
            Step.PRICE: self.price_view,
            REVIEW: self.review_view,
        }
        if step not in pages:
            raise Http404
        return pages[step](request, str(object_id))

    def onboard_view(self, request: HttpRequest) -> HttpResponse:
        """Render step 1 for a new device; on POST create it as a DRAFT."""
        form = DeviceDetailsForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with errors_in(form):
                device = create_device(by=self.get_actor(request), **form.details())
                self.log_addition(request, device, "Onboarding started")
                return self.redirect_after(request, device, Step.DEVICE)
        return self._details_page(request, None, form)

    @transaction.atomic
    def details_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Render step 1 of an existing device; on POST save it."""
        device = self.device_to_change(request, object_id)
        form = DeviceDetailsForm(request.POST or None, instance=device)
        if request.method == "POST" and form.is_valid():
            with errors_in(form):
                update_device(device, by=self.get_actor(request), **form.changes())
                return self.redirect_after(request, device, Step.DEVICE)
        return self._details_page(request, device, form)

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Render all that was entered, what is missing, and the buttons that onboard the device or take it live."""
        device = self.device_to_change(request, object_id)
        if device.status not in IN_ONBOARDING:
            return HttpResponseRedirect(change_url(device))
        missing = progress_of(device).missing_for_live
        context = {
            "prices": prices_of(device),
            "media": list(device.media.all()),
            "address": [line for line in (device.address_first_line, device.address_second_line) if line]
            + [", ".join(part for part in (device.city, device.state, device.country) if part)],
            "may_onboard": device.status == DeviceStatus.DRAFT and device.has_location,
            "may_go_live": not missing,
            "missing": missing,
            "expected_updated_at": device.updated_at.isoformat(),
        }
        return self.step_page(request, device, REVIEW, context)

    def _details_page(self, request: HttpRequest, device: Device | None, form: DeviceDetailsForm) -> HttpResponse:
        context = {
            "form": form,
            "more_details": [form[name] for name in MORE_DETAILS],
            "more_details_invalid": any(name in form.errors for name in MORE_DETAILS),
            "no_types": not DeviceType.objects.active().exists(),
            "no_manufacturers": not Manufacturer.objects.active().exists(),
        }
        return self.step_page(request, device, Step.DEVICE, context)
