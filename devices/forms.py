"""Forms of the back office."""

from typing import Any

from django import forms

from core.errors import DomainError
from core.uploads import CheckedUpload, checked_upload
from devices.media import KINDS, MAX_AT_ONCE, MAX_BYTES
from devices.models import Device, PricingRule


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MediaFilesField(forms.FileField):
    """Pictures and films, checked by their content."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[CheckedUpload]:
        files = data if isinstance(data, list | tuple) else [data]
        return [self._checked(super(MediaFilesField, self).clean(file, initial)) for file in files if file]

    def _checked(self, file: Any) -> CheckedUpload:
        try:
            return checked_upload(file, kinds=KINDS, max_bytes=MAX_BYTES)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from None


class DeviceForm(forms.ModelForm):
    new_media = MediaFilesField(
        required=False, help_text=f"JPG, PNG, MP4, MOV; up to {MAX_AT_ONCE} files of {MAX_BYTES // 2**20} MB."
    )

    class Meta:
        model = Device
        fields = [
            "name",
            "description",
            "device_type",
            "manufacturer",
            "owner",
            "manufactured_date",
            "sensor_id",
            "company_owned",
            "requires_operator",
            "address_first_line",
            "address_second_line",
            "pincode",
            "city",
            "state",
            "country",
            "latitude",
            "longitude",
        ]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("device_type", "manufacturer"):
            if name in self.fields:  # none is, where staff may only look
                rows = self.fields[name].queryset
                self.fields[name].queryset = rows.active() | rows.filter(pk=getattr(self.instance, f"{name}_id"))

    def changes(self) -> dict[str, Any]:
        """The columns that were filled in otherwise than they stood: nothing that somebody else wrote meanwhile."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "new_media"}


class PricingRuleForm(forms.ModelForm):
    class Meta:
        model = PricingRule
        fields = ["device_type", "pincode", "effective_from", "effective_to", "status"]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        # Shown and not read: the constraints cannot be asked about a rule whose status is no part of the form.
        if "status" in self.fields:
            self.fields["status"].disabled = True
