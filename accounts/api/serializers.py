"""Serializers of users, tokens, VLEs and operators."""

from typing import Any

from django.core.validators import RegexValidator, URLValidator
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.fields import IgnoreNullSerializer, LineField, OneOf, OtpField, PhoneField
from accounts.choices import OperatorStatus, Role, VleStatus, VleType
from accounts.models import DEVICE_TYPE_CODE, Operator, User, VleProfile
from accounts.sessions import roles_of
from core.contracts.fields import InstantField, IsoDateField, PincodeField, PointField, required

MAX_NAME_LENGTH = 100
MAX_TRAINING = 50


class SendOtpInput(serializers.Serializer):
    phoneNumber = PhoneField(source="phone")


def with_phone(request: Request) -> Any:
    """Return the request body, with `phoneNumber` from the query string if missing: some apps send it there."""
    body, query = request.data, request.query_params
    if isinstance(body, dict) and "phoneNumber" in query:
        return {"phoneNumber": query["phoneNumber"]} | body
    return body


class VerifyOtpInput(SendOtpInput):
    otp = OtpField(source="code")


class ChooseRoleInput(serializers.Serializer):
    activeRole = OneOf(Role.values, label="Active role", source="role")


class RefreshInput(serializers.Serializer):
    refreshToken = serializers.CharField(
        source="token", error_messages={**required("Refresh token"), "invalid": "Refresh token must be text"}
    )


class UpdateUserInput(IgnoreNullSerializer):
    phoneNumber = PhoneField(source="phone", required=False)
    name = LineField(label="Name", max_length=MAX_NAME_LENGTH, required=False, allow_blank=True)
    defaultLocation = PointField(label="Default location", required=False)
    pincode = PincodeField(required=False, allow_blank=True)
    language = LineField(label="Language", max_length=10, required=False, allow_blank=True)


class UserProfileOutput(serializers.Serializer):
    name = serializers.CharField()
    defaultLocation = PointField(label="Default location", allow_null=True)
    pincode = serializers.CharField()
    language = serializers.CharField()


class UserOutput(serializers.ModelSerializer):
    """Serialize a user. `activeRole` comes from the context: it is shown to the user only."""

    roles = serializers.SerializerMethodField()
    activeRole = serializers.SerializerMethodField()
    profile = UserProfileOutput(source="*")
    status = serializers.SerializerMethodField()
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")
    lastLoginAt = InstantField(source="last_login", allow_null=True)

    class Meta:
        model = User
        fields = ["id", "phone", "roles", "activeRole", "profile", "status", "createdAt", "updatedAt", "lastLoginAt"]

    def get_roles(self, user: User) -> list[str]:
        return roles_of(user)

    def get_activeRole(self, user: User) -> str | None:
        return self.context.get("active_role")

    def get_status(self, user: User) -> str:
        return "ACTIVE" if user.is_active else "INACTIVE"


class TokensOutput(serializers.Serializer):
    token = serializers.CharField(source="access")
    refreshToken = serializers.CharField(source="refresh")


class SignedInOutput(TokensOutput):
    """Document the response to a login and to a choice of role."""

    user = UserOutput()


class PersonInput(IgnoreNullSerializer):
    """Identify a user by id or by phone."""

    # Any text is accepted as an id: one that is not a UUID gets the same 404 as an unknown one.
    userId = serializers.CharField(source="user_id", required=False, max_length=5000)
    phoneNumber = PhoneField(source="phone", required=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if "user_id" not in fields and "phone" not in fields:
            raise serializers.ValidationError({"userId": "User ID or phone number is required"})
        return fields


class CreateVleInput(PersonInput):
    type = OneOf(VleType.values, label="Type", required=False)
    name = LineField(label="Name", max_length=MAX_NAME_LENGTH, required=False)
    location = PointField(label="Location", required=False)
    pincode = PincodeField(required=False)
    status = OneOf(VleStatus.values, label="Status", required=False)


class PublicVleOutput(serializers.ModelSerializer):
    """Serialize the public part of a VLE profile."""

    class Meta:
        model = VleProfile
        fields = ["id", "type", "name", "pincode", "status"]


class VleOutput(serializers.ModelSerializer):
    userId = serializers.UUIDField(source="user_id")
    phone = serializers.CharField(source="user.phone")
    location = PointField(label="Location", allow_null=True)
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = VleProfile
        fields = ["id", "userId", "phone", "type", "name", "location", "pincode", "status", "createdAt", "updatedAt"]


class TrainingSerializer(IgnoreNullSerializer):
    """Read and write one training certificate."""

    deviceTypeId = LineField(
        label="Device type",
        max_length=50,
        source="device_type_code",
        error_messages=required("Device type"),
        validators=[RegexValidator(DEVICE_TYPE_CODE, "Device type must be a code of A-Z, 0-9 and _")],
    )
    certificateUrl = LineField(
        label="Certificate URL",
        max_length=500,
        source="certificate_url",
        required=False,
        allow_blank=True,
        validators=[URLValidator(schemes=["https", "http"], message="Certificate URL must be a web address")],
    )
    completedOn = IsoDateField(label="Completed on", source="completed_on", required=False)
    validTill = IsoDateField(label="Valid till", source="valid_till", required=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        completed_on, valid_till = fields.get("completed_on"), fields.get("valid_till")
        if completed_on and valid_till and valid_till < completed_on:
            raise serializers.ValidationError({"validTill": "Valid till must not be before completed on"})
        return fields


class ChangeOperatorInput(IgnoreNullSerializer):
    name = LineField(label="Name", max_length=MAX_NAME_LENGTH, required=False)
    licenseNumber = LineField(
        label="License number", max_length=50, source="license_number", required=False, allow_blank=True
    )
    status = OneOf(OperatorStatus.values, label="Status", required=False)
    training = TrainingSerializer(many=True, required=False, max_length=MAX_TRAINING)  # type: ignore[call-arg]


class CreateOperatorInput(ChangeOperatorInput, PersonInput):
    pass


class OperatorOutput(serializers.ModelSerializer):
    userId = serializers.UUIDField(source="user_id")
    phone = serializers.CharField(source="user.phone")
    licenseNumber = serializers.CharField(source="license_number")
    training = TrainingSerializer(many=True)
    createdAt = InstantField(source="created_at")
    updatedAt = InstantField(source="updated_at")

    class Meta:
        model = Operator
        fields = ["id", "userId", "phone", "name", "licenseNumber", "status", "training", "createdAt", "updatedAt"]
