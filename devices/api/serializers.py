"""Serialize devices."""

import re
from typing import Any

from rest_framework import serializers

from core.contracts.fields import (
    FlagField,
    InstantField,
    OptionalTextField,
    PincodeField,
    PointField,
    TextField,
    required,
)
from devices.api.master_data_serializers import MasterDataField
from devices.models import Device, DeviceType, Manufacturer
from devices.models.device import MONTH_PATTERN
from devices.workflow import DeviceStatus

_MONTH = re.compile(MONTH_PATTERN)


class MonthField(OptionalTextField):
    """Validate a month as `MM/YYYY`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=7, **options)
        self.shape = f"{options['label']} must be MM/YYYY"

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return serializers.CharField.run_validation(self, data)  # a date is not cleaned like text: it stays strict

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not _MONTH.fullmatch(data):
            raise serializers.ValidationError(self.shape)
        return data


class DeviceAddressInput(serializers.Serializer):
    firstLine = OptionalTextField(label="First line", source="address_first_line", max_length=200)
    secondLine = OptionalTextField(label="Second line", source="address_second_line", max_length=200)
    pinCode = PincodeField(source="pincode", error_messages=required("PIN code"))
    city = OptionalTextField(label="City", max_length=100)
    state = OptionalTextField(label="State", max_length=100)
    country = OptionalTextField(label="Country", max_length=100)


class DeviceInput(serializers.Serializer):
    """Validate the details of a device, of step 1 and of later changes."""

    name = TextField(label="Name", max_length=100, error_messages=required("Name"))
    description = OptionalTextField(label="Description", max_length=500)
    deviceTypeId = MasterDataField(DeviceType, label="Device type", source="device_type")
    manufacturerId = MasterDataField(Manufacturer, label="Manufacturer", source="manufacturer")
    owner = OptionalTextField(label="Owner", max_length=100)
    manufacturedDate = MonthField(label="Manufactured date", source="manufactured_date")
    address = DeviceAddressInput(
        source="*", error_messages=required("Address") | {"invalid": "Address must be an object with pinCode"}
    )
    location = PointField(label="Location")
    sensorId = OptionalTextField(label="Sensor ID", source="sensor_id", max_length=100)
    companyOwned = FlagField(label="Company owned", source="company_owned", required=False, allow_null=True)
    requiresOperator = FlagField(label="Requires operator", source="requires_operator", required=False, allow_null=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields.get("sensor_id") == "":
            fields["sensor_id"] = None  # unique: devices without a sensor must not collide
        flags = ("company_owned", "requires_operator")
        return {name: value for name, value in fields.items() if not (name in flags and value is None)}


class DeviceAddressOutput(serializers.Serializer):
    firstLine = serializers.CharField(source="address_first_line")
    secondLine = serializers.CharField(source="address_second_line")
    pinCode = serializers.CharField(source="pincode")
    city = serializers.CharField()
    state = serializers.CharField()
    country = serializers.CharField()


class OperationalStateOutput(serializers.Serializer):
    lastSeenAt = InstantField(source="last_seen_at", allow_null=True)
    battery = serializers.IntegerField(allow_null=True)
    health = serializers.CharField()


class DeviceOutput(serializers.ModelSerializer):
    """Serialize a device of `Device.objects.with_details()`."""

    sensorId = serializers.CharField(source="sensor_id", allow_null=True)
    manufacturedDate = serializers.CharField(source="manufactured_date")
    deviceTypeId = serializers.CharField(source="device_type_id")
    manufacturerId = serializers.CharField(source="manufacturer_id")
    companyOwned = serializers.BooleanField(source="company_owned")
    requiresOperator = serializers.BooleanField(source="requires_operator")
    status = serializers.ChoiceField(choices=DeviceStatus.choices)
    address = DeviceAddressOutput(source="*")
    pincode = serializers.CharField(allow_blank=True)
    location = PointField(label="Location", allow_null=True)
    mediaUrls = serializers.ListField(source="media_urls", child=serializers.CharField())
    primaryMediaUrl = serializers.CharField(source="primary_media_url", allow_null=True)
    currentLeaseId = serializers.UUIDField(source="current_lease_id", allow_null=True)
    operationalState = OperationalStateOutput(source="*")
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = Device
        fields = [
            "id",
            "sensorId",
            "name",
            "description",
            "owner",
            "manufacturedDate",
            "deviceTypeId",
            "manufacturerId",
            "companyOwned",
            "requiresOperator",
            "status",
            "address",
            "pincode",
            "location",
            "mediaUrls",
            "primaryMediaUrl",
            "currentLeaseId",
            "operationalState",
            "createdAt",
            "updatedAt",
        ]
