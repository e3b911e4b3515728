"""Convert the results of discovery to the JSON of the equipment contract. Existing apps know these groups and names."""

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
    """Render kilometres to two decimals: enough to go there, too coarse to locate a device."""

    def to_representation(self, value: float) -> float:  # type: ignore[override]
        return round(value, 2)


class LeaseStateField(serializers.ChoiceField):
    """Render whether a device is leased, without the lessee."""

    def __init__(self, **options: Any):
        super().__init__(choices=["LEASED", "AVAILABLE"], **options)

    def to_representation(self, device: Device) -> str:  # type: ignore[override]
        return "LEASED" if is_leased(device) else "AVAILABLE"


class MediaUrlField(serializers.CharField):
    """Render the URL of a stored file from its name."""

    def to_representation(self, name: str) -> str:
        return default_storage.url(name)


class IndicativeRateOutput(serializers.Serializer):
    type = serializers.CharField(source="metric")
    amount = NumberField(label="Amount", source="rate")


class SearchHitLocationOutput(serializers.Serializer):
    pincode = serializers.CharField()


class SearchHitOutput(serializers.Serializer):
    """Render a `SearchHit`."""

    deviceId = serializers.UUIDField(source="device.id")
    name = serializers.CharField(source="device.name")
    deviceType = serializers.CharField(source="device.device_type_id")
    manufacturerId = serializers.CharField(source="device.manufacturer_id")
    distanceKm = DistanceField(source="distance_km")
    location = SearchHitLocationOutput(source="device")
    leaseState = LeaseStateField(source="device")
    indicativeRate = IndicativeRateOutput(source="rate", allow_null=True)
    primaryMediaUrl = MediaUrlField(source="device.primary_media_file", allow_null=True)
    intentType = serializers.CharField(source="intent_type", allow_null=True)
    allowedActions = serializers.ListField(source="allowed_actions", child=serializers.CharField())


class SearchResultsOutput(serializers.Serializer):
    """Render `SearchResults`."""

    results = SearchHitOutput(many=True)
    totalCount = serializers.IntegerField(source="total")
    page = serializers.IntegerField(source="query.page")
    pageSize = serializers.IntegerField(source="query.page_size")


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
    """Render a `DevicePage`, without coordinates and names of people."""

    deviceId = serializers.UUIDField(source="device.id")
    basicDetails = ShownDetailsOutput(source="device")
    media = ShownMediaOutput(source="device")
    location = ShownPlaceOutput(source="device")
    pricing = DevicePricesOutput(source="prices")
    lease = ShownLeaseOutput(source="device")
    distance = ShownDistanceOutput(source="*")
    bookings = BookedDaysOutput(many=True)
    allowedActions = serializers.ListField(source="allowed_actions", child=serializers.CharField())
