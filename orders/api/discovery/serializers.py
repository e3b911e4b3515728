"""Convert searches, devices and intents from and to the JSON of the equipment contract.

Existing apps know these groups and names.
"""

from typing import Any

from rest_framework import serializers

from core.contracts.fields import IsoDateField, NumberField, QuantityField, TextField, required
from devices.api.master_data_serializers import ManufacturerEntryOutput, PublicDeviceTypeOutput
from devices.api.pricing_serializers import DevicePricesOutput
from devices.api.serializers import DeviceAddressOutput
from devices.locations import Location
from devices.models import Device
from orders.api.discovery.fields import (
    DistanceField,
    FieldGroup,
    LeaseStateField,
    MeasureField,
    MediaUrlField,
    WholeNumberField,
)
from orders.choices import Kind
from orders.discovery import Dates

NO_LOCATION = "Location is required (lat/lng)"


class LocationInput(serializers.Serializer):
    lat = MeasureField(label="Latitude", least=-90, most=90)
    lng = MeasureField(label="Longitude", least=-180, most=180)

    def to_internal_value(self, data: Any) -> Location:
        if not isinstance(data, dict) or data.get("lat") is None or data.get("lng") is None:
            raise serializers.ValidationError(NO_LOCATION)
        degrees = super().to_internal_value(data)
        return Location(latitude=degrees["lat"], longitude=degrees["lng"])


class FiltersInput(FieldGroup):
    deviceType = TextField(label="Device type", max_length=50, source="device_type", required=False, allow_null=True)
    radiusKm = MeasureField(label="Radius", least=0, most=500, source="radius_km", required=False, allow_null=True)
    page = WholeNumberField(label="Page", least=0, most=100_000, required=False, allow_null=True)
    pageSize = WholeNumberField(
        label="Page size", least=1, most=20, source="page_size", required=False, allow_null=True
    )
    startDate = IsoDateField(label="Start date", source="start_date", required=False, allow_null=True)
    endDate = IsoDateField(label="End date", source="end_date", required=False, allow_null=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        start, end = fields.pop("start_date", None), fields.pop("end_date", None)
        if end is None and start is not None:
            raise serializers.ValidationError({"endDate": "End date is required"})
        if start is None and end is not None:
            raise serializers.ValidationError({"startDate": "Start date is required"})
        if start is not None and end < start:
            raise serializers.ValidationError({"endDate": "End date must not be before start date"})
        return fields | {"dates": None if start is None else Dates(start, end)}


class AmountsInput(FieldGroup):
    requestedHours = QuantityField(label="Requested hours", source="requested_hours", required=False, allow_null=True)
    requestedAcres = QuantityField(label="Requested acres", source="requested_acres", required=False, allow_null=True)


class SearchInput(serializers.Serializer):
    location = LocationInput(error_messages={"required": NO_LOCATION, "null": NO_LOCATION})
    filters = FiltersInput()
    intent = AmountsInput()


class DeviceDistanceInput(serializers.Serializer):
    location = LocationInput(required=False)


class IntentInput(serializers.Serializer):
    # Any text is accepted as an id; a malformed one gets the reply of an unknown one.
    deviceId = serializers.CharField(
        source="device_id",
        max_length=5000,
        error_messages=required("Device ID") | {"invalid": "Device ID must be text"},
    )
    intentType = serializers.ChoiceField(
        source="kind",
        choices=Kind.values,
        error_messages=required("Intent type") | {"invalid_choice": "Intent type must be RENT or LEASE"},
    )
    requestedHours = QuantityField(label="Requested hours", source="requested_hours", required=False, allow_null=True)
    requestedAcres = QuantityField(label="Requested acres", source="requested_acres", required=False, allow_null=True)


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
