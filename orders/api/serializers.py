"""Convert orders from and to the JSON of the equipment contract."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.contracts.fields import InstantField, IsoDateField, NoteField, QuantityField, required
from orders.models import Order
from orders.workflow import OrderStatus


class PlaceOrderInput(serializers.Serializer):
    # Any text is accepted as an id; a malformed one gets the reply of an unknown one.
    deviceId = serializers.CharField(
        source="device_id",
        max_length=5000,
        error_messages=required("Device ID") | {"invalid": "Device ID must be text"},
    )
    requestedHours = QuantityField(label="Requested hours", source="requested_hours", required=False, allow_null=True)
    requestedAcres = QuantityField(label="Requested acres", source="requested_acres", required=False, allow_null=True)
    startDate = IsoDateField(label="Start date", source="start_date", error_messages=required("Start date"))
    endDate = IsoDateField(label="End date", source="end_date", error_messages=required("End date"))
    note = NoteField()
    intentId = serializers.JSONField(source="intent_id", required=False, allow_null=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["end_date"] < fields["start_date"]:
            raise serializers.ValidationError({"endDate": "End date must not be before start date"})
        return fields


class NoteInput(serializers.Serializer):
    note = NoteField()


class OrderStatusInput(NoteInput):
    toState = serializers.ChoiceField(
        source="to",
        choices=OrderStatus.values,
        error_messages=required("To state") | {"invalid_choice": "To state must be an order status"},
    )


class ChangeOutput(serializers.Serializer):
    """Render one change of status from the history."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    previousStatus = serializers.CharField(source="previous_status", allow_null=True)
    changedBy = serializers.UUIDField(source="changed_by_id", allow_null=True)
    note = serializers.CharField()
    timestamp = InstantField(source="created_at")


class HandlerOutput(serializers.Serializer):
    type = serializers.ChoiceField(choices=["ADMIN", "VLE"])
    id = serializers.CharField()


class OrderOutput(serializers.ModelSerializer):
    orderType = serializers.CharField(source="kind")
    deviceId = serializers.UUIDField(source="device_id")
    requestedBy = serializers.UUIDField(source="requester_id")
    handledBy = serializers.SerializerMethodField()
    requestedHours = QuantityField(label="Requested hours", source="requested_hours", allow_null=True)
    requestedAcres = QuantityField(label="Requested acres", source="requested_acres", allow_null=True)
    startDate = serializers.DateField(source="start_date")
    endDate = serializers.DateField(source="end_date")
    phone = serializers.CharField(source="requester.phone")
    name = serializers.CharField(source="requester.name")
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = Order
        fields = [
            "id",
            "orderType",
            "status",
            "deviceId",
            "requestedBy",
            "handledBy",
            "requestedHours",
            "requestedAcres",
            "startDate",
            "endDate",
            "phone",
            "name",
            "note",
            "createdAt",
            "updatedAt",
        ]

    @extend_schema_field(HandlerOutput)
    def get_handledBy(self, order: Order) -> dict[str, str]:
        if order.is_lease:
            return {"type": "ADMIN", "id": "admin"}
        return {"type": "VLE", "id": str(order.handler_vle_id)}
