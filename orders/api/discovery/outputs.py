"""What discovery answers, on the wire of the equipment contract. Existing apps know these groups and names."""

from typing import Any

from django.core.files.storage import default_storage
from rest_framework import serializers

from core.contracts.fields import NumberField
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


class MediaUrlField(serializers.URLField):
    """The address of a stored file, from its name."""

    def to_representation(self, name: str) -> str:
        return default_storage.url(name)


class RateOutput(serializers.Serializer):
    type = serializers.CharField(source="metric")
    amount = NumberField(label="Amount", source="rate")


class PincodeOutput(serializers.Serializer):
    pincode = serializers.CharField()


class FindOutput(serializers.Serializer):
    deviceId = serializers.UUIDField(source="device.id")
    name = serializers.CharField(source="device.name")
    deviceType = serializers.CharField(source="device.device_type_id")
    manufacturerId = serializers.CharField(source="device.manufacturer_id")
    distanceKm = DistanceField(source="distance_km")
    location = PincodeOutput(source="device")
    leaseState = LeaseStateField(source="device")
    indicativeRate = RateOutput(source="rate", allow_null=True)
    primaryMediaUrl = MediaUrlField(source="device.primary_media_file", allow_null=True)
    intentType = serializers.CharField(source="intent_type", allow_null=True)
    allowedActions = serializers.ListField(source="allowed_actions", child=serializers.CharField())


class DeviceTypeOutput(serializers.Serializer):
    code = serializers.CharField()
    displayName = serializers.CharField(source="display_name")


class ManufacturerOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class BasicDetailsOutput(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    deviceType = DeviceTypeOutput(source="device_type")
    manufacturer = ManufacturerOutput()
    manufacturedDate = serializers.CharField(source="manufactured_date")
    companyOwned = serializers.BooleanField(source="company_owned")
    requiresOperator = serializers.BooleanField(source="requires_operator")


class MediaOutput(serializers.Serializer):
    count = serializers.SerializerMethodField()
    primaryUrl = MediaUrlField(source="primary_media_file", allow_null=True)
    allUrls = serializers.SerializerMethodField()

    def get_count(self, device: Device) -> int:
        return len(device.media.all())

    def get_allUrls(self, device: Device) -> list[str]:
        return [picture.file.url for picture in device.media.all()]


class AddressOutput(serializers.Serializer):
    firstLine = serializers.CharField(source="address_first_line")
    secondLine = serializers.CharField(source="address_second_line")
    pinCode = serializers.CharField(source="pincode")
    city = serializers.CharField()
    state = serializers.CharField()
    country = serializers.CharField()


class LocationOutput(serializers.Serializer):
    address = AddressOutput(source="*")
    pincode = serializers.CharField()


class PriceOutput(serializers.Serializer):
    metric = serializers.CharField()
    rate = NumberField(label="Rate")


class RuleOutput(serializers.Serializer):
    rules = PriceOutput(source="rates.all", many=True)
    effectiveFrom = serializers.DateField(source="effective_from")
    effectiveTo = serializers.DateField(source="effective_to")


class PricingOutput(serializers.Serializer):
    defaultRule = RuleOutput(source="default_rule", allow_null=True)
    timeSpecificRules = RuleOutput(source="period_rules", many=True)


class LeaseOutput(serializers.Serializer):
    leaseState = LeaseStateField(source="*")


class DistanceOutput(serializers.Serializer):
    distanceKm = DistanceField(source="distance_km", allow_null=True)


class DaysOutput(serializers.Serializer):
    startDate = serializers.DateField(source="start_date")
    endDate = serializers.DateField(source="end_date")


class DevicePageOutput(serializers.Serializer):
    """No coordinates and no names of people."""

    deviceId = serializers.UUIDField(source="device.id")
    basicDetails = BasicDetailsOutput(source="device")
    media = MediaOutput(source="device")
    location = LocationOutput(source="device")
    pricing = PricingOutput(source="*")
    lease = LeaseOutput(source="device")
    distance = DistanceOutput(source="*")
    bookings = DaysOutput(many=True)
    allowedActions = serializers.ListField(source="allowed_actions", child=serializers.CharField())
