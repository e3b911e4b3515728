"""Serialize SMS messages, push tokens and delivery reports for the equipment contract."""

from typing import Any

from rest_framework import serializers

from core.contracts.fields import InstantField, TextField, required
from notifications.choices import Platform
from notifications.models import PushToken, SmsMessage


class NullForEmptyField(serializers.CharField):
    """Represent an empty string as null."""

    def to_representation(self, value: Any) -> str | None:  # type: ignore[override]
        return super().to_representation(value) or None


class SmsMessageOutput(serializers.ModelSerializer):
    message = serializers.CharField(source="text")
    relatedEntityType = NullForEmptyField(source="related_type", allow_null=True)
    relatedEntityId = serializers.UUIDField(source="related_id", allow_null=True)
    userId = serializers.UUIDField(source="recipient_id", allow_null=True)
    providerMessageId = NullForEmptyField(source="provider_message_id", allow_null=True)
    errorMessage = NullForEmptyField(source="error", allow_null=True)
    createdAt = InstantField(source="created_at")
    sentAt = InstantField(source="sent_at", allow_null=True)

    class Meta:
        model = SmsMessage
        fields = [
            "id",
            "to",
            "message",
            "event",
            "relatedEntityType",
            "relatedEntityId",
            "userId",
            "status",
            "providerMessageId",
            "errorMessage",
            "createdAt",
            "sentAt",
        ]


class PushTokenInput(serializers.Serializer):
    platform = serializers.ChoiceField(
        choices=Platform.values,
        error_messages=required("Platform") | {"invalid_choice": "Platform must be ANDROID or IOS"},
    )
    token = TextField(label="Token", max_length=500, error_messages=required("Token"))


class PushTokenOutput(serializers.ModelSerializer):
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = PushToken
        fields = ["id", "platform", "createdAt", "updatedAt"]


class TwilioReceiptInput(serializers.Serializer):
    """Map Twilio's field names of a delivery report to ours."""

    MessageSid = serializers.CharField(source="provider_message_id", max_length=64)
    MessageStatus = serializers.CharField(source="status", max_length=40)
    ErrorCode = serializers.CharField(source="error_code", max_length=20, required=False, allow_blank=True)
