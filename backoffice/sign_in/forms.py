"""Forms of the sign-in pages."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from accounts.login_throttle import check_login_rate
from core.addresses import client_address
from core.errors import TooManyRequests

WAIT = "wait"


class PasswordForm(AdminAuthenticationForm):
    """Take a phone, in any spelling, and a password; count the attempt before the password is checked."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": "This phone and password do not open the back office.",
    }

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["username"].widget.attrs |= {"inputmode": "tel", "autocomplete": "username"}

    def clean(self) -> Any:
        try:
            check_login_rate(phone=self.data.get("username", ""), address=client_address(self.request))
        except TooManyRequests as refusal:
            raise forms.ValidationError(str(refusal), code=WAIT, params={"seconds": refusal.retry_after}) from None
        return super().clean()


class CodeForm(forms.Form):
    """A code of the authenticator app, or a backup code."""

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}),
    )
