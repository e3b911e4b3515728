"""What discovery answers, on the wire of the equipment contract. Existing apps know these groups and names."""

from typing import Any

from django.core.files.storage import default_storage
from rest_framework import serializers

from core.contracts.fields import NumberField
from devices.api.master_data_serializers import ManufacturerEntryOutput, PublicDeviceTypeOutput
from devices.api.pricing_serializers import DevicePricesOutput
from devices.api.serializers import DeviceAddressOutput
from devices.models import Device
from orders.discovery import is_leased


class DistanceField(serializers.FloatField):
    """Kilometres to two decimals: near enough to go there, too coarse to tell where a machine stands."""

    def to_representation(self, value: float) -> float:
        return round(value, 2)


class LeaseStateField(serializers.ChoiceField):
    """Of a device; nobody is told whose lease it is."""

    def __init__(self, **options: Any):
        super().__init__(choices=["LEASED", "AVAILABLE"], **options)

    def to_representation(self, device: Device) -> str:
        return "LEASED" if is_leased(device) else "AVAILABLE"


class MediaUrlField(serializers.CharField):
    """The address of a stored file, from its name."""

    def to_representation(self, name: str) -> str:
        return default_storage.url(name)


class IndicativeRateOutput(serializers.Serializer):
    type = serializers.CharField(source="metric")
    amount = NumberField(label="Amount", source="rate")


class FoundPlaceOutput(serializers.Serializer):
    pincode = serializers.CharField()


class FoundDeviceOutput(serializers.Serializer):
    """Of a `Find`."""

    deviceId = serializers.UUIDField(source="device.id")
    name = serializers.CharField(source="device.name")
    deviceType = serializers.CharField(source="device.device_type_id")
    manufacturerId = serializers.CharField(source="device.manufacturer_id")
    distanceKm = DistanceField(source="distance_km")
    location = FoundPlaceOutput(source="device")
    leaseState = LeaseStateField(source="device")
    indicativeRate = IndicativeRateOutput(source="rate", allow_null=True)
    primaryMediaUrl = MediaUrlField(source="device.primary_media_file", allow_null=True)
    intentType = serializers.CharField(source="intent_type", allow_null=True)
    allowedActions = serializers.ListField(source="allowed_actions", child=serializers.CharField())


class FoundDevicesOutput(serializers.Serializer):
    results = FoundDeviceOutput(many=True)
    totalCount = serializers.IntegerField(source="total")
    page = serializers.IntegerField(source="wish.page")
    pageSize = serializers.IntegerField(source="wish.page_size")


class ShownDetailsOutput(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    deviceType = PublicDeviceTypeOutput(source="device_type")
    manufacturer = ManufacturerEntryOutput()
    manufacturedDate = serializers.CharField(source="manufactured_date")
    companyOwned = serializers.BooleanField(source="company_owned")
    requiresOperator = serializers.BooleanField(source="requires_operator")


class ShownMediaOutput(serializers.Serializer):
    count = serializers.SerializerMethodField()
    primaryUrl = serializers.CharField(source="primary_media_url", allow_null=True)
    allUrls = serializers.ListField(source="media_urls", child=serializers.CharField())

    def get_count(self, device: Device) -> int:
        return len(device.media_urls)


class ShownPlaceOutput(serializers.Serializer):
    address = DeviceAddressOutput(source="*")
    pincode = serializers.CharField()


class ShownLeaseOutput(serializers.Serializer):
    leaseState = LeaseStateField(source="*")


class ShownDistanceOutput(serializers.Serializer):
    distanceKm = DistanceField(source="distance_km", allow_null=True)


class BookedDaysOutput(serializers.Serializer):
    startDate = serializers.DateField(source="start_date")
    endDate = serializers.DateField(source="end_date")


class DevicePageOutput(serializers.Serializer):
    """Of a `DevicePage`: no coordinates and no names of people."""

    deviceId = serializers.UUIDField(source="device.id")
    basicDetails = ShownDetailsOutput(source="device")
    media = ShownMediaOutput(source="device")
    location = ShownPlaceOutput(source="device")
    pricing = DevicePricesOutput(source="prices")
    lease = ShownLeaseOutput(source="device")
    distance = ShownDistanceOutput(source="*")
    bookings = BookedDaysOutput(many=True)
    allowedActions = serializers.ListField(source="allowed_actions", child=serializers.CharField())
