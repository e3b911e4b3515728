"""The onboarding of a device as one guided flow: machine, place, pictures, price, then the review."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from core.errors import DomainError
from devices.admin.media import MediaPages
from devices.admin.pages import REVIEW
from devices.admin.places import PlacePages
from devices.admin.prices import PricePages
from devices.forms.details import MORE, MachineForm
from devices.models import Device, DeviceType, Manufacturer
from devices.onboarding import IN_ONBOARDING, Step, progress_of
from devices.pricing import prices_of
from devices.services import create_device, update_device
from devices.workflow import DeviceStatus


class OnboardingPages(PlacePages, MediaPages, PricePages):
    """The way of a machine from nothing to LIVE; what is saved of it can be left and taken up again."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("onboard/", view(self.begin_view), name="devices_device_onboard"),
            path("<uuid:object_id>/onboard/<str:step>/", view(self.step_view), name="devices_device_onboard_step"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """There is one way to enter a device."""
        return HttpResponseRedirect(reverse("admin:devices_device_onboard"))

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """One step of a device that is there already."""
        pages = {
            Step.DEVICE: self.machine_view,
            Step.LOCATION: self.place_view,
            Step.MEDIA: self.media_view,
            Step.PRICE: self.price_view,
            REVIEW: self.review_view,
        }
        if step not in pages:
            raise Http404
        return pages[step](request, str(object_id))

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Step 1 of a device that does not exist yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = MachineForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                device = create_device(by=self.by(request), **form.details())
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_addition(request, device, "Onboarding begun")
                return self.after(request, device, Step.DEVICE)
        return self._machine_page(request, None, form)

    @transaction.atomic
    def machine_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Step 1 again."""
        device = self.device_to_change(request, object_id)
        form = MachineForm(request.POST or None, instance=device)
        if request.method == "POST" and form.is_valid():
            try:
                update_device(device, by=self.by(request), **form.changes())
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.after(request, device, Step.DEVICE)
        return self._machine_page(request, device, form)

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All that was entered, what is missing, and the last press of a button."""
        device = self.device_to_change(request, object_id)
        if device.status not in IN_ONBOARDING:
            return HttpResponseRedirect(reverse("admin:devices_device_change", args=[device.pk]))
        context = {
            "prices": prices_of(device),
            "media": list(device.media.all()),
            "address": [line for line in (device.address_first_line, device.address_second_line) if line]
            + [", ".join(part for part in (device.city, device.state, device.country) if part)],
            "may_onboard": device.status == DeviceStatus.DRAFT and device.has_location,
            "may_go_live": not progress_of(device).missing_for_live,
            "lacking": progress_of(device).missing_for_live,
            "shown_at": device.updated_at.isoformat(),
        }
        return self.step_page(request, device, REVIEW, context)

    def _machine_page(self, request: HttpRequest, device: Device | None, form: MachineForm) -> HttpResponse:
        context = {
            "form": form,
            "more": [form[name] for name in MORE],
            "more_is_wrong": any(name in form.errors for name in MORE),
            "no_types": not DeviceType.objects.active().exists(),
            "no_manufacturers": not Manufacturer.objects.active().exists(),
        }
        return self.step_page(request, device, Step.DEVICE, context)
