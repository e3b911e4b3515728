"""Convert service orders from and to the JSON of the territory contract."""

from typing import Any

from cryptography.fernet import InvalidToken
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.contracts.fields import InstantField, OptionalTextField, TextField, required
from core.notes import MAX_NOTE
from events.models import OrderEvent
from service_orders.api.fields import VerificationDataField
from service_orders.choices import Priority
from service_orders.encryption import InsuranceInfo
from service_orders.models import ServiceOrder
from service_orders.policies import sees_insurance
from service_orders.workflow import ServiceOrderStatus


def required_text(label: str, *, max_length: int = 100) -> TextField:
    return TextField(label=label, max_length=max_length, error_messages=required(label))


class InsuranceInput(serializers.Serializer):
    carrier = required_text("Carrier")
    policy_number = required_text("Policy number")
    group_number = OptionalTextField(label="Group number", max_length=100)

    def to_internal_value(self, data: Any) -> InsuranceInfo:
        given = super().to_internal_value(data)
        return given | {"group_number": given.get("group_number") or None}


class PlaceServiceOrderInput(serializers.Serializer):
    patient_id = required_text("Patient ID")
    provider_id = required_text("Provider ID")
    insurance_info = InsuranceInput(
        source="insurance",
        error_messages=required("Insurance info") | {"invalid": "Insurance info must be an object"},
    )
    service_type = required_text("Service type")
    priority = serializers.ChoiceField(
        choices=Priority.values,
        default=Priority.NORMAL,
        error_messages=dict.fromkeys(
            ["invalid_choice", "null"], f"Priority must be one of {', '.join(Priority.values)}"
        ),
    )


class ServiceOrderStatusInput(serializers.Serializer):
    status = serializers.ChoiceField(
        source="to",
        choices=ServiceOrderStatus.values,
        error_messages=required("Status")
        | {"invalid_choice": f"Status must be one of {', '.join(ServiceOrderStatus.values)}"},
    )
    notes = OptionalTextField(label="Notes", max_length=MAX_NOTE, source="note")
    verification_data = VerificationDataField(required=False, allow_null=True)


class PlacedOutput(serializers.ModelSerializer):
    order_id = serializers.UUIDField(source="id")
    created_at = InstantField()

    class Meta:
        model = ServiceOrder
        fields = ["order_id", "status", "created_at", "tracking_id"]


class ServiceOrderStatusOutput(serializers.ModelSerializer):
    """Render an order whose status has just changed, with the id of the history row of the change."""

    order_id = serializers.UUIDField(source="id")
    updated_at = InstantField()
    audit_id = serializers.UUIDField(source="last_event.id")

    class Meta:
        model = ServiceOrder
        fields = ["order_id", "status", "updated_at", "audit_id"]


class InsuranceOutput(serializers.Serializer):
    carrier = serializers.CharField()
    policy_number = serializers.CharField()
    group_number = serializers.CharField(allow_null=True)


class ServiceOrderOutput(serializers.ModelSerializer):
    """Render an order as the `member` of the context may see it; insurance data that no key decrypts are null."""

    order_id = serializers.UUIDField(source="id")
    created_by = serializers.UUIDField(source="created_by_id")
    notes = serializers.CharField(source="note")
    created_at = InstantField()
    updated_at = InstantField()
    insurance_info = serializers.SerializerMethodField()

    class Meta:
        model = ServiceOrder
        fields = [
            "order_id",
            "tracking_id",
            "status",
            "patient_id",
            "provider_id",
            "service_type",
            "priority",
            "notes",
            "created_by",
            "created_at",
            "updated_at",
            "insurance_info",
        ]

    @extend_schema_field(InsuranceOutput(allow_null=True))
    def get_insurance_info(self, order: ServiceOrder) -> InsuranceInfo | None:
        try:
            return order.insurance
        except InvalidToken:
            return None

    def to_representation(self, order: ServiceOrder) -> dict[str, Any]:
        shown = super().to_representation(order)
        if not sees_insurance(order, self.context["member"]):
            del shown["insurance_info"]
        return shown


class HistoryOutput(serializers.ModelSerializer):
    audit_id = serializers.UUIDField(source="id")
    changed_by = serializers.UUIDField(source="changed_by_id")
    notes = serializers.CharField(source="note")
    timestamp = InstantField(source="created_at")

    class Meta:
        model = OrderEvent
        fields = ["audit_id", "status", "previous_status", "changed_by", "notes", "verification_data", "timestamp"]
