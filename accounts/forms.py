"""Forms of the back office for users, who are identified by phone."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import User
from accounts.phones import MAX_SPELLING, canonical_phone, check_phone


class PhoneFormField(forms.CharField):
    """Accept a phone number in any spelling and clean it to E.164."""

    def __init__(self, **options: Any):
        super().__init__(**options | {"max_length": MAX_SPELLING, "validators": [check_phone]})

    def clean(self, value: Any) -> str:
        return canonical_phone(super().clean(value))


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["phone", "name"]
        field_classes = {"phone": PhoneFormField}


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"phone": PhoneFormField}
