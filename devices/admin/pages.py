"""Base of the admin pages about one device: permissions, progress of the onboarding, redirects."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.admin.base import BaseAdmin
from core.admin.links import change_url, changelist_url
from core.errors import DomainError
from devices.models import Device
from devices.onboarding import IN_ONBOARDING, Step, progress_of

REVIEW = "review"


@contextmanager
def errors_in(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """Add a DomainError of the block to the form."""
    try:
        yield
    except DomainError as error:
        form.add_error(field, str(error))


class DevicePages(BaseAdmin):
    """Support mixins that give a device pages of their own, beside those of the admin."""

    def device_to_change(self, request: HttpRequest, object_id: str) -> Device:
        """Return the device `with_progress`, locked in a transaction that saves. Raises Http404, PermissionDenied."""
        device = self.get_object(request, object_id)
        if device is None:
            raise Http404
        if not self.has_change_permission(request, device):
            raise PermissionDenied
        return device

    def step_page(
        self, request: HttpRequest, device: Device | None, step: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """Render a page of the onboarding; after the onboarding, the same page without the progress."""
        page_context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "device": device,
            "step": step,
            "title": f"{device.name}" if device else "Onboard a device",
            "in_onboarding": device is None or device.status in IN_ONBOARDING,
            "progress": self._progress(device, step),
            "previous": self._neighbour_url(device, step, -1),
        }
        template = f"admin/devices/onboarding/{step}.html"
        return TemplateResponse(request, template, page_context | context, status=status)

    def redirect_to_step(self, device: Device, step: str) -> HttpResponse:
        return HttpResponseRedirect(step_url(device, step))

    def redirect_after(self, request: HttpRequest, device: Device, step: Step) -> HttpResponse:
        """Redirect after a saved step: to the next one in the onboarding, afterwards to the page of the device."""
        if device.status not in IN_ONBOARDING:
            return HttpResponseRedirect(change_url(device))
        if "_later" in request.POST:
            return HttpResponseRedirect(changelist_url(Device))
        return HttpResponseRedirect(self._neighbour_url(device, step, 1))

    def _neighbour_url(self, device: Device | None, step: str, distance: int) -> str:
        steps = [*Step, REVIEW]
        index = steps.index(step) + distance
        return step_url(device, steps[index]) if device and index >= 0 else ""

    def _progress(self, device: Device | None, current: str) -> list[dict[str, Any]]:
        done = progress_of(device).done if device else frozenset()
        steps = [{"step": step, "number": step.number, "label": step.label, "done": step in done} for step in Step]
        review = {"step": REVIEW, "number": "", "label": "Review", "done": False}
        urls = {step: step_url(device, step) for step in [*Step, REVIEW]} if device else {}
        return [
            each | {"url": urls.get(each["step"], ""), "here": each["step"] == current} for each in [*steps, review]
        ]


def step_url(device: Device, step: str) -> str:
    """Return the URL of one step of a device's onboarding."""
    return reverse("admin:devices_device_onboard_step", args=[device.pk, str(step)])
