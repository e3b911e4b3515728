"""The admin page of a device's location, with a map, and the data that the map requests."""

import re
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern

from accounts.admin.territory_scope import NOT_YOURS
from accounts.models import Territory
from accounts.requests import staff_user
from accounts.territories import own_territories, territory_id_of
from core.admin.views import guarded_view
from core.database import uuid_of
from core.text import canonical_digits
from devices.admin.pages import DevicePages, errors_in
from devices.forms.details import LocationForm
from devices.locations import Location
from devices.models import Device
from devices.models.device import PINCODE_PATTERN
from devices.nearby import find_nearby, location_warnings
from devices.onboarding import Step
from devices.services import update_device


class LocationPages(DevicePages):
    """Render step 2 of the onboarding; the map needs no other server, and the form no map."""

    def get_urls(self) -> list[URLPattern]:
        view, permission = self.around_view, self.has_view_permission
        around = guarded_view(self, "around/", view, name="devices_device_around", permission=permission)
        return [around, *super().get_urls()]

    @transaction.atomic
    def location_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Render the page; on POST save the location."""
        device = self.device_to_change(request, object_id)
        form = LocationForm(request.POST or None, instance=device)
        if request.method == "POST" and form.is_valid() and self._save_location(request, device, form):
            return self.redirect_after(request, device, Step.LOCATION)
        return self.step_page(request, device, Step.LOCATION, {"form": form})

    def around_view(self, request: HttpRequest) -> HttpResponse:
        """Return JSON for the map: the territory of a PIN code, the devices near a location, and warnings."""
        location, pincode = _read_location(request), canonical_digits(request.GET.get("pincode", ""))
        pincode = pincode if re.fullmatch(PINCODE_PATTERN, pincode) else ""
        exclude_id = uuid_of(request.GET.get("exclude", ""))
        nearby = find_nearby(self.get_queryset(request), location=location, pincode=pincode, exclude_id=exclude_id)
        centre = nearby.pincode_centre
        return JsonResponse(
            {
                "pincode": pincode,
                "territory": _territory_name(pincode),
                "near": [_marker(device) for device in nearby.near],
                "centre": [centre.latitude, centre.longitude] if centre else None,
                "warnings": location_warnings(location, pincode, nearby) if location else [],
            }
        )

    def _save_location(self, request: HttpRequest, device: Device, form: LocationForm) -> bool:
        data = form.cleaned_data
        own = own_territories(staff_user(request))
        if own is not None and territory_id_of(data["pincode"]) not in own:
            form.add_error("pincode", NOT_YOURS)
            return False
        with errors_in(form):
            update_device(device, by=self.get_actor(request), **form.changes())
            self._warn(request, device, Location(data["latitude"], data["longitude"]), data["pincode"])
            return True
        return False

    def _warn(self, request: HttpRequest, device: Device, location: Location, pincode: str) -> None:
        nearby = find_nearby(self.get_queryset(request), location=location, pincode=pincode, exclude_id=device.pk)
        for warning in location_warnings(location, pincode, nearby):
            self.message_user(request, f"Saved. {warning} Please check the pin.", messages.WARNING)


def _read_location(request: HttpRequest) -> Location | None:
    try:
        location = Location(float(request.GET["latitude"]), float(request.GET["longitude"]))
    except (KeyError, ValueError):
        return None
    is_on_earth = -90 <= location.latitude <= 90 and -180 <= location.longitude <= 180
    return location if is_on_earth else None


def _territory_name(pincode: str) -> str | None:
    territory_id = territory_id_of(pincode) if pincode else None
    return Territory.objects.get(pk=territory_id).name if territory_id else None


def _marker(device: Any) -> dict[str, Any]:
    return {
        "name": device.name,
        "pincode": device.pincode,
        "at": [device.latitude, device.longitude],
        "km": round(device.distance_km, 1),
    }
