"""Serialize the later steps of the onboarding: media, summary, final step."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.contracts.fields import PointField, required
from devices.api.pricing_serializers import DevicePricesOutput
from devices.api.serializers import DeviceAddressOutput
from devices.media import MAX_AT_ONCE
from devices.models import Device
from devices.workflow import DeviceStatus

FINAL_STATUSES = {"ONBOARD": DeviceStatus.ONBOARDED, "TAKE_LIVE": DeviceStatus.LIVE}
"""The actions of the final step, and the status that each leads to."""


@extend_schema_field(OpenApiTypes.BINARY)
class MediaFileField(serializers.FileField):
    default_error_messages = {"invalid": "Media must be sent as files"}

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)


class MediaInput(serializers.Serializer):
    files = serializers.ListField(
        child=MediaFileField(),
        min_length=1,
        max_length=MAX_AT_ONCE,
        error_messages=required("At least one file")
        | {
            "min_length": "At least one file is required",
            "max_length": f"At most {MAX_AT_ONCE} files can be sent at once",
        },
    )
    primaryIndex = serializers.IntegerField(
        source="primary_index", required=False, error_messages={"invalid": "Primary index must be a whole number"}
    )

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        last = len(fields["files"]) - 1
        if not 0 <= fields.get("primary_index", 0) <= last:
            raise serializers.ValidationError({"primaryIndex": f"Primary index must be from 0 to {last}"})
        return fields


class FinalizeInput(serializers.Serializer):
    action = serializers.ChoiceField(
        choices=list(FINAL_STATUSES),
        error_messages=required("Action") | {"invalid_choice": "Action must be ONBOARD or TAKE_LIVE"},
    )


class SummaryDetailsOutput(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    deviceTypeId = serializers.CharField(source="device_type_id")
    manufacturerId = serializers.CharField(source="manufacturer_id")
    owner = serializers.CharField()
    manufacturedDate = serializers.CharField(source="manufactured_date")
    sensorId = serializers.CharField(source="sensor_id", allow_null=True)
    companyOwned = serializers.BooleanField(source="company_owned")
    requiresOperator = serializers.BooleanField(source="requires_operator")


class SummaryMediaOutput(serializers.Serializer):
    count = serializers.SerializerMethodField()
    primaryUrl = serializers.CharField(source="primary_media_url", allow_null=True)
    urls = serializers.ListField(source="media_urls", child=serializers.CharField())

    def get_count(self, device: Device) -> int:
        return len(device.media_urls)


class SummaryLocationOutput(serializers.Serializer):
    address = DeviceAddressOutput(source="*")
    pincode = serializers.CharField()
    point = PointField(label="Location", allow_null=True)


class OnboardSummaryOutput(serializers.Serializer):
    """Serialize all that was entered in the steps; existing apps know these groups and names."""

    deviceId = serializers.UUIDField(source="device.id")
    status = serializers.ChoiceField(source="device.status", choices=DeviceStatus.choices)
    basicDetails = SummaryDetailsOutput(source="device")
    media = SummaryMediaOutput(source="device")
    location = SummaryLocationOutput(source="device")
    pricing = DevicePricesOutput(source="prices")
