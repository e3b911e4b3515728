"""Forms of the back office for users, who are identified by phone, and for their PIN codes."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import (
    PINCODE_OR_NONE,
    PINCODE_SHAPE,
    PREFIX_PATTERN,
    PREFIX_SHAPE,
    TerritoryPrefix,
    User,
    VleProfile,
)
from accounts.phones import MAX_SPELLING, canonical_phone, check_phone
from core.forms import DigitsField


class PhoneFormField(forms.CharField):
    """Accept a phone number in any spelling and clean it to E.164."""

    def __init__(self, **options: Any):
        super().__init__(**options | {"max_length": MAX_SPELLING, "validators": [check_phone]})

    def clean(self, value: Any) -> str:
        return canonical_phone(super().clean(value))


class PincodeFormField(DigitsField):
    """Take a PIN code, or none."""

    def __init__(self, **options: Any):
        super().__init__(PINCODE_OR_NONE, **options, error_messages={"invalid": PINCODE_SHAPE})


class PrefixFormField(DigitsField):
    """Take the first digits of PIN codes."""

    def __init__(self, **options: Any):
        super().__init__(PREFIX_PATTERN, **options, error_messages={"invalid": PREFIX_SHAPE})


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["phone", "name"]
        field_classes = {"phone": PhoneFormField}


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"phone": PhoneFormField, "pincode": PincodeFormField}


class VleForm(forms.ModelForm):
    class Meta:
        model = VleProfile
        fields = ["user", "type", "name", "pincode", "latitude", "longitude", "status"]
        field_classes = {"pincode": PincodeFormField}


class PrefixForm(forms.ModelForm):
    class Meta:
        model = TerritoryPrefix
        fields = ["prefix"]
        field_classes = {"prefix": PrefixFormField}
