"""Forms of the login."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from accounts.login_throttle import check_login_rate
from accounts.phones import MAX_SPELLING
from core.addresses import client_address
from core.errors import TooManyRequests

WAIT = "wait"
"""Code of the validation error after too many attempts; its parameter `seconds` is the wait."""


class PasswordForm(AdminAuthenticationForm):
    """Ask for phone, in any spelling, and password. Attempts are counted before the password is checked."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": "This phone and password do not open the back office.",
    }

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        attributes = {"inputmode": "tel", "autocomplete": "username", "maxlength": MAX_SPELLING}
        self.fields["username"].widget.attrs |= attributes

    def clean(self) -> Any:
        try:
            check_login_rate(phone=self.data.get("username", ""), address=client_address(self.request))
        except TooManyRequests as error:
            raise forms.ValidationError(str(error), code=WAIT, params={"seconds": error.retry_after}) from None
        return super().clean()


class CodeForm(forms.Form):
    """Ask for a code of the authenticator app, or a backup code."""

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}),
    )
