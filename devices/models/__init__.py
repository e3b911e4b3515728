"""What can be ordered: types, manufacturers, devices with their media, pricing and thresholds."""

from devices.models.device import Device, DeviceMedia, GeoPoint
from devices.models.history import DeviceEvent
from devices.models.master_data import DeviceType, Manufacturer
from devices.models.pricing import Metric, PricingRate, PricingRule, RentalThreshold

__all__ = [
    "Device",
    "DeviceEvent",
    "DeviceMedia",
    "DeviceType",
    "GeoPoint",
    "Manufacturer",
    "Metric",
    "PricingRate",
    "PricingRule",
    "RentalThreshold",
]
