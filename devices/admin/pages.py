"""What the pages about one device have in common: who may open them, and how far its onboarding has come."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.actors import Actor, back_office_actor
from devices.models import Device
from devices.onboarding import IN_ONBOARDING, Step, progress_of

REVIEW = "review"


class DevicePages(admin.ModelAdmin):
    """For mixins that give a device pages of their own, beside those of the admin."""

    def device_to_change(self, request: HttpRequest, object_id: str) -> Device:
        """The device `with_progress`, locked where the page saves. Raises Http404, PermissionDenied."""
        device = self.get_object(request, object_id)
        if device is None:
            raise Http404
        if not self.has_change_permission(request, device):
            raise PermissionDenied
        return device

    def by(self, request: HttpRequest) -> Actor:
        return back_office_actor(request.user)  # type: ignore[arg-type]

    def step_page(
        self, request: HttpRequest, device: Device | None, step: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A page of the onboarding; of a device that is through with it, the same page without the progress."""
        shown = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "device": device,
            "step": step,
            "title": f"{device.name}" if device else "Onboard a device",
            "in_onboarding": device is None or device.status in IN_ONBOARDING,
            "progress": self._progress(device, step),
            "previous": self._beside(device, step, -1),
        }
        template = f"admin/devices/onboarding/{step}.html"
        return TemplateResponse(request, template, shown | context, status=status)

    def to_step(self, device: Device, step: str) -> HttpResponse:
        return HttpResponseRedirect(step_url(device, step))

    def after(self, request: HttpRequest, device: Device, step: Step) -> HttpResponse:
        """Where one goes when a step is saved: on in the onboarding, or back to the page of the device."""
        if device.status not in IN_ONBOARDING:
            return HttpResponseRedirect(reverse("admin:devices_device_change", args=[device.pk]))
        if "_later" in request.POST:
            return HttpResponseRedirect(reverse("admin:devices_device_changelist"))
        return HttpResponseRedirect(self._beside(device, step, 1))

    def _beside(self, device: Device | None, step: str, distance: int) -> str:
        steps = [*Step, REVIEW]
        place = steps.index(step) + distance
        return step_url(device, steps[place]) if device and place >= 0 else ""

    def _progress(self, device: Device | None, here: str) -> list[dict[str, Any]]:
        done = progress_of(device).done if device else frozenset()
        steps = [{"step": step, "number": step.number, "label": step.label, "done": step in done} for step in Step]
        review = {"step": REVIEW, "number": "", "label": "Review", "done": False}
        urls = {step: step_url(device, step) for step in [*Step, REVIEW]} if device else {}
        return [each | {"url": urls.get(each["step"], ""), "here": each["step"] == here} for each in [*steps, review]]


def step_url(device: Device, step: str) -> str:
    """The page of one step of a device's onboarding."""
    return reverse("admin:devices_device_onboard_step", args=[device.pk, str(step)])
