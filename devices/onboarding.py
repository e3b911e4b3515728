"""Report the progress of a device's onboarding: which steps are done, which are missing."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from devices.models import Device, DeviceMedia, PricingRule
from devices.workflow import DeviceStatus

IN_ONBOARDING = (DeviceStatus.DRAFT, DeviceStatus.ONBOARDED)


class Step(StrEnum):
    """List the four steps in their order. Each is saved by itself, so that a DRAFT can be continued later."""

    DEVICE = "device"
    LOCATION = "location"
    MEDIA = "media"
    PRICE = "price"

    @property
    def number(self) -> int:
        return list(Step).index(self) + 1

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Step.DEVICE: "Device details",
    Step.LOCATION: "Location",
    Step.MEDIA: "Photos and videos",
    Step.PRICE: "Price",
}


@dataclass(frozen=True)
class Progress:
    """Represent which steps of a device's onboarding are done."""

    done: frozenset[Step]

    @property
    def missing(self) -> list[Step]:
        return [step for step in Step if step not in self.done]

    @property
    def next(self) -> Step | None:
        """Return the first step that is not done; None if all are."""
        return next(iter(self.missing), None)

    @property
    def missing_for_live(self) -> list[Step]:
        """Return the steps without which the device cannot go live; the admin site does not require photos."""
        return [step for step in self.missing if step != Step.MEDIA]


def with_progress(devices: QuerySet[Device]) -> QuerySet[Device]:
    """Annotate devices with `has_price` (a default rule for their type at their PIN code) and `has_photo`."""
    rules = PricingRule.objects.active().defaults()
    priced = rules.filter(device_type=OuterRef("device_type"), pincode=OuterRef("pincode"))
    photos = DeviceMedia.objects.photos().filter(device=OuterRef("pk"))
    return devices.annotate(has_price=Exists(priced), has_photo=Exists(photos))


def progress_of(device: Device) -> Progress:
    """Return the progress of a device that was loaded `with_progress`."""
    is_done = {
        Step.DEVICE: True,
        Step.LOCATION: device.has_location,
        Step.MEDIA: device.has_photo,  # type: ignore[attr-defined]
        Step.PRICE: device.has_price,  # type: ignore[attr-defined]
    }
    return Progress(frozenset(step for step in Step if is_done[step]))
