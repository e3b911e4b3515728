"""Define device types, manufacturers, devices with their media and history, prices and rental limits."""

from devices.models.device import Device, DeviceMedia, GeoPoint
from devices.models.history import DeviceEvent
from devices.models.master_data import DeviceType, Manufacturer
from devices.models.pricing import PricingRate, PricingRule, RentalThreshold

__all__ = [
    "Device",
    "DeviceEvent",
    "DeviceMedia",
    "DeviceType",
    "GeoPoint",
    "Manufacturer",
    "PricingRate",
    "PricingRule",
    "RentalThreshold",
]
