"""Where a device stands: the page with the map, and what the map asks for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from accounts.admin_territories import NOT_YOURS
from accounts.models import Territory
from accounts.territories import own_territories, territory_id_of
from core.database import uuid_of
from core.errors import DomainError
from devices.admin.pages import DevicePages
from devices.forms.details import PlaceForm
from devices.locations import Location
from devices.models import Device
from devices.nearby import find_nearby, location_warnings
from devices.onboarding import Step
from devices.services import update_device


class PlacePages(DevicePages):
    """Step 2, with a map that works without any other server, and without a map too."""

    def get_urls(self) -> list[URLPattern]:
        around = path("around/", self.admin_site.admin_view(self.around_view), name="devices_device_around")
        return [around, *super().get_urls()]

    @transaction.atomic
    def place_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page, and its saving."""
        device = self.device_to_change(request, object_id)
        form = PlaceForm(request.POST or None, instance=device)
        if request.method == "POST" and form.is_valid() and self._save_place(request, device, form):
            return self.after(request, device, Step.LOCATION)
        return self.step_page(request, device, Step.LOCATION, {"form": form})

    def around_view(self, request: HttpRequest) -> HttpResponse:
        """For the map: the territory of a PIN code, and the devices around a place."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        place, pincode = _place_asked(request), request.GET.get("pincode", "").strip()
        pincode = pincode if len(pincode) == 6 and pincode.isascii() and pincode.isdigit() else ""
        exclude_id = uuid_of(request.GET.get("exclude", ""))
        found = find_nearby(self.get_queryset(request), location=place, pincode=pincode, exclude_id=exclude_id)
        centre = found.pincode_centre
        return JsonResponse(
            {
                "territory": _territory(pincode),
                "near": [_dot(device) for device in found.near],
                "centre": [centre.latitude, centre.longitude] if centre else None,
                "warnings": location_warnings(place, pincode, found) if place else [],
            }
        )

    def _save_place(self, request: HttpRequest, device: Device, form: PlaceForm) -> bool:
        said = form.cleaned_data
        own = own_territories(request.user)  # type: ignore[arg-type]
        if own is not None and territory_id_of(said["pincode"]) not in own:
            form.add_error("pincode", NOT_YOURS)
            return False
        try:
            update_device(device, by=self.by(request), **form.changes())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return False
        self._warn(request, device, Location(said["latitude"], said["longitude"]), said["pincode"])
        return True

    def _warn(self, request: HttpRequest, device: Device, place: Location, pincode: str) -> None:
        found = find_nearby(self.get_queryset(request), location=place, pincode=pincode, exclude_id=device.pk)
        for warning in location_warnings(place, pincode, found):
            self.message_user(request, f"Saved. {warning} Please check the pin.", messages.WARNING)


def _place_asked(request: HttpRequest) -> Location | None:
    try:
        place = Location(float(request.GET["latitude"]), float(request.GET["longitude"]))
    except (KeyError, ValueError):
        return None
    is_on_earth = -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180
    return place if is_on_earth else None


def _territory(pincode: str) -> str | None:
    territory_id = territory_id_of(pincode) if pincode else None
    return Territory.objects.get(pk=territory_id).name if territory_id else None


def _dot(device: Any) -> dict[str, Any]:
    return {
        "name": device.name,
        "pincode": device.pincode,
        "at": [device.latitude, device.longitude],
        "km": round(device.distance_km, 1),
    }
