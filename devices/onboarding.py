"""How far the onboarding of a device has come: what was said of it, and what is missing."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from devices.models import Device, DeviceMedia, PricingRule
from devices.workflow import DeviceStatus

IN_ONBOARDING = (DeviceStatus.DRAFT, DeviceStatus.ONBOARDED)


class Step(StrEnum):
    """The four steps, in their order. Each saves its own, so that a DRAFT can be left and taken up again."""

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
    Step.DEVICE: "The machine",
    Step.LOCATION: "Where it stands",
    Step.MEDIA: "Pictures and films",
    Step.PRICE: "Price",
}


@dataclass(frozen=True)
class Progress:
    """What is done of a device's onboarding."""

    done: frozenset[Step]

    @property
    def missing(self) -> list[Step]:
        return [step for step in Step if step not in self.done]

    @property
    def next(self) -> Step | None:
        """The first step that is not done; None where all are."""
        return next(iter(self.missing), None)

    @property
    def missing_for_live(self) -> list[Step]:
        """What the device cannot go live without. Farmers like a picture; the back office may do without."""
        return [step for step in self.missing if step != Step.MEDIA]


def with_progress(devices: QuerySet[Device]) -> QuerySet[Device]:
    """Adds `has_price` (a default rule for its type at its PIN code) and `has_photo`."""
    rules = PricingRule.objects.active().defaults()
    priced = rules.filter(device_type=OuterRef("device_type"), pincode=OuterRef("pincode"))
    pictures = DeviceMedia.objects.photos().filter(device=OuterRef("pk"))
    return devices.annotate(has_price=Exists(priced), has_photo=Exists(pictures))


def progress_of(device: Device) -> Progress:
    """How far a device that was found `with_progress` has come."""
    said = {
        Step.DEVICE: True,
        Step.LOCATION: device.has_location,
        Step.MEDIA: device.has_photo,  # type: ignore[attr-defined]
        Step.PRICE: device.has_price,  # type: ignore[attr-defined]
    }
    return Progress(frozenset(step for step, is_said in said.items() if is_said))
