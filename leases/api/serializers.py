"""Serialize leases for the equipment contract."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.contracts.fields import InstantField, NoteField, NumberField, TextField, required
from core.notes import MAX_NOTE
from leases.choices import AttachmentType, Commitment, OperatorRole
from leases.documents import MAX_DOCUMENTS
from leases.models import Lease, LeaseAttachment
from leases.services import Assignment

MAX_OPERATORS = 20


class AssignmentInput(serializers.Serializer):
    operatorId = serializers.CharField(
        source="operator_id",
        max_length=5000,
        error_messages=required("Operator ID") | {"invalid": "Operator ID must be text"},
    )
    role = serializers.ChoiceField(
        choices=OperatorRole.values,
        error_messages=required("Role") | {"invalid_choice": "Role must be PRIMARY or SECONDARY"},
    )


class CreateLeaseInput(serializers.Serializer):
    orderId = serializers.CharField(
        source="order_id", max_length=5000, error_messages=required("Order ID") | {"invalid": "Order ID must be text"}
    )
    depositAmount = NumberField(
        label="Deposit amount",
        source="deposit_amount",
        min_value=0,
        required=False,
        allow_null=True,
        error_messages={"min_value": "Deposit amount must not be negative"},
    )
    operators = serializers.ListField(
        child=AssignmentInput(error_messages=dict.fromkeys(["invalid", "null"], "An operator must be an object")),
        max_length=MAX_OPERATORS,
        required=False,
        allow_null=True,
        error_messages={
            "not_a_list": "Operators must be a list",
            "max_length": f"Operators must be at most {MAX_OPERATORS}",
        },
    )
    notes = TextField(
        label="Notes", source="note", max_length=MAX_NOTE, required=False, allow_null=True, allow_blank=True
    )

    def validate_operators(self, operators: list[dict[str, Any]] | None) -> list[Assignment]:
        return [Assignment(**each) for each in operators or []]


class LeaseFormInput(serializers.Serializer):
    """Describe the multipart form for the API documentation; leases/api/forms.py reads it."""

    request = CreateLeaseInput()
    attachmentFiles = serializers.ListField(child=serializers.FileField(), max_length=MAX_DOCUMENTS, required=False)
    attachmentTypes = serializers.ListField(
        child=serializers.ChoiceField(choices=AttachmentType.values), required=False
    )


class EndLeaseInput(serializers.Serializer):
    note = NoteField()


class AssignmentOutput(serializers.Serializer):
    operatorId = serializers.UUIDField(source="operator_id")
    role = serializers.ChoiceField(choices=OperatorRole.values)
    assignedAt = InstantField(source="assigned_at")


class CommitmentOutput(serializers.Serializer):
    type = serializers.ChoiceField(choices=Commitment.values, source="commitment_type")
    value = NumberField(label="Value", source="commitment_value")


class AttachmentOutput(serializers.Serializer):
    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=AttachmentType.values)
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    uploadedAt = InstantField(source="uploaded_at")

    def get_url(self, attachment: LeaseAttachment) -> str:
        return f"/api/v1/leases/{attachment.lease_id}/attachments/{attachment.pk}"


class LeaseOutput(serializers.ModelSerializer):
    orderId = serializers.UUIDField(source="order_id")
    deviceId = serializers.UUIDField(source="device_id")
    vleId = serializers.UUIDField(source="vle_id")
    commitment = serializers.SerializerMethodField()
    estimatedPrice = NumberField(label="Estimated price", source="estimated_price", allow_null=True)
    depositAmount = NumberField(label="Deposit amount", source="deposit_amount", allow_null=True)
    startDate = serializers.DateField(source="start_date")
    endDate = serializers.DateField(source="end_date")
    operators = AssignmentOutput(source="current_operators", many=True)
    signedByAdminId = serializers.UUIDField(source="signed_by_id")
    attachments = AttachmentOutput(many=True)
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = Lease
        fields = [
            "id",
            "orderId",
            "deviceId",
            "vleId",
            "status",
            "commitment",
            "estimatedPrice",
            "depositAmount",
            "startDate",
            "endDate",
            "operators",
            "signedByAdminId",
            "attachments",
            "notes",
            "createdAt",
            "updatedAt",
        ]

    @extend_schema_field(CommitmentOutput(allow_null=True))
    def get_commitment(self, lease: Lease) -> dict[str, Any] | None:
        return dict(CommitmentOutput(lease).data) if lease.commitment_type else None
