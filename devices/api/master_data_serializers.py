"""Serialize device types and manufacturers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.contracts.fields import FlagField, TextField, required
from devices.models import DeviceType, Manufacturer
from devices.models.master_data import CODE_SHAPE
from devices.queries import is_code


class CodeField(serializers.CharField):
    """Validate a new code of master data."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, error_messages=required("Code") | {"invalid": CODE_SHAPE}, **options)

    def to_internal_value(self, data: Any) -> str:
        if not is_code(data):
            self.fail("invalid")
        return data


@extend_schema_field({"type": "string", "maxLength": 50})
class MasterDataField(serializers.Field):
    """Resolve the code of an active type or manufacturer; a device may keep its present one, active or not."""

    def __init__(self, model: type[DeviceType] | type[Manufacturer], *, label: str, **options: Any) -> None:
        self.model = model
        texts = {"invalid": f"{label} is unknown or not active", "blank": f"{label} is required"}
        super().__init__(error_messages=required(label) | texts, **options)

    def to_internal_value(self, data: Any) -> DeviceType | Manufacturer:
        if data == "":
            self.fail("blank")
        row = self.model.objects.with_code(data).first()
        if row is None or not (row.active or row.pk == self._present_code()):
            self.fail("invalid")
        return row

    def to_representation(self, value: DeviceType | Manufacturer) -> str:
        return value.pk

    def _present_code(self) -> str | None:
        return getattr(self.parent.instance, f"{self.source}_id", None)


class EditDeviceTypeInput(serializers.Serializer):
    displayName = TextField(
        label="Display name", source="display_name", max_length=100, error_messages=required("Display name")
    )
    requiresOperator = FlagField(label="Requires operator", source="requires_operator", required=False)
    active = FlagField(label="Active", required=False)


class AddDeviceTypeInput(EditDeviceTypeInput):
    code = CodeField()


class EditManufacturerInput(serializers.Serializer):
    name = TextField(label="Name", max_length=100, error_messages=required("Name"))
    active = FlagField(label="Active", required=False)


class AddManufacturerInput(EditManufacturerInput):
    code = CodeField()


class DeviceTypeEntryOutput(serializers.ModelSerializer):
    displayName = serializers.CharField(source="display_name")
    requiresOperator = serializers.BooleanField(source="requires_operator")

    class Meta:
        model = DeviceType
        fields = ["code", "displayName", "requiresOperator", "active"]


class ManufacturerEntryOutput(serializers.ModelSerializer):
    class Meta:
        model = Manufacturer
        fields = ["code", "name", "active"]


class PublicDeviceTypeOutput(serializers.ModelSerializer):
    displayName = serializers.CharField(source="display_name")

    class Meta:
        model = DeviceType
        fields = ["code", "displayName", "active"]


class PublicManufacturerOutput(serializers.ModelSerializer):
    displayName = serializers.CharField(source="name")

    class Meta:
        model = Manufacturer
        fields = ["code", "displayName", "active"]
