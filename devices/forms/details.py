"""What is said of a device: on its page, and step by step in its onboarding."""

import hashlib
from typing import Any

from django import forms
from django.forms import model_to_dict

from core.errors import StaleObjectError
from devices.models import Device
from devices.models.device import PINCODE_PATTERN, PINCODE_SHAPE, SENSOR_IS_TAKEN
from devices.workflow import DeviceStatus

MACHINE = ["device_type", "manufacturer", "name", "sensor_id"]
MORE = ["description", "owner", "manufactured_date", "company_owned", "requires_operator"]
ADDRESS = ["address_first_line", "address_second_line", "pincode", "city", "state"]
COORDINATES = ["latitude", "longitude"]
DIGITS = {"inputmode": "numeric", "maxlength": 6, "autocomplete": "postal-code"}
AS_ITS_TYPE = ""


class DegreesField(forms.FloatField):
    """A latitude or longitude, refused in words where it is none on earth."""

    def __init__(self, name: str, bound: int, **options: Any):
        self.name, self.bound = name, bound
        super().__init__(label=name, **options)
        self.widget.attrs |= {"step": "any", "inputmode": "decimal"}

    def validate(self, value: float | None) -> None:
        super().validate(value)
        if value is not None and abs(value) > self.bound:
            raise forms.ValidationError(f"{self.name} must be from -{self.bound} to {self.bound}")


class DetailsForm(forms.ModelForm):
    """Of some columns of a device."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("device_type", "manufacturer"):
            if name in self.fields:  # none is, where staff may only look
                rows = self.fields[name].queryset
                self.fields[name].queryset = rows.active() | rows.filter(pk=getattr(self.instance, f"{name}_id"))

    def clean_sensor_id(self) -> str | None:
        sensor = self.cleaned_data["sensor_id"]
        if sensor and Device.objects.exclude(pk=self.instance.pk).filter(sensor_id=sensor).exists():
            raise forms.ValidationError(SENSOR_IS_TAKEN)
        return sensor

    def changes(self) -> dict[str, Any]:
        """The columns that were filled in otherwise than they stood."""
        columns = {field.name for field in Device._meta.fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in columns}


class DeviceForm(DetailsForm):
    """All that can be said of a device; only of a DRAFT may it be left open where it stands."""

    pincode = forms.RegexField(
        PINCODE_PATTERN, label="PIN code", error_messages={"invalid": PINCODE_SHAPE}, widget=forms.TextInput(DIGITS)
    )
    latitude = DegreesField("Latitude", 90, help_text="Degrees north.")
    longitude = DegreesField("Longitude", 180, help_text="Degrees east.")

    class Meta:
        model = Device
        fields = [*MACHINE, *MORE, *ADDRESS, "country", *COORDINATES]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if self.instance.status == DeviceStatus.DRAFT:
            for name in {"pincode", *COORDINATES} & set(self.fields):
                self.fields[name].required = False

    def clean(self) -> Any:
        half = [name for name in COORDINATES if self.cleaned_data.get(name, 0) is None]
        if len(half) == 1:
            self.add_error(half[0], "Latitude and longitude belong together")
        return super().clean()


class StepForm(DetailsForm):
    """One page of the onboarding, refused where somebody else saved the same columns meanwhile."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        # A refused form shows again what it was opened with: saving it once more is refused once more.
        self.version = "" if self.instance._state.adding else self._version()
        self.initial["seen"] = self.version

    def clean(self) -> Any:
        if self.cleaned_data.get("seen") != self.version:
            raise forms.ValidationError(str(StaleObjectError()), code="changed")
        return super().clean()

    def _version(self) -> str:
        values = model_to_dict(self.instance, fields=self._meta.fields)
        return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()


class MachineForm(StepForm):
    """Step 1. A new machine needs an operator where its type does, unless it is said otherwise."""

    requires_operator = forms.TypedChoiceField(
        label="Needs an operator",
        required=False,
        coerce=lambda said: said == "True",
        empty_value=None,
        choices=[(AS_ITS_TYPE, "As usual for its type"), ("True", "Yes"), ("False", "No")],
    )

    class Meta:
        model = Device
        fields = [*MACHINE, *MORE]
        labels = {"device_type": "Type", "sensor_id": "Sensor ID", "company_owned": "Owned by the company"}
        help_texts = {"sensor_id": "If it carries one.", "manufactured_date": "Month and year: MM/YYYY"}
        widgets = {
            "name": forms.TextInput({"placeholder": "Such as Mahindra 575 DI", "autofocus": True}),
            "description": forms.Textarea({"rows": 3, "maxlength": 500}),
            "manufactured_date": forms.TextInput({"placeholder": "04/2023", "inputmode": "numeric"}),
        }
        error_messages = {
            "device_type": {"required": "Choose a type"},
            "manufacturer": {"required": "Choose who made it"},
            "name": {"required": "Give it a name"},
        }

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("device_type", "manufacturer"):
            self.fields[name].empty_label = "Choose"
        if not self.instance._state.adding:
            self.fields["requires_operator"].choices = [("True", "Yes"), ("False", "No")]
            self.fields["requires_operator"].required = True

    def details(self) -> dict[str, Any]:
        """All that is said of a new machine."""
        said = {name: self.cleaned_data[name] for name in self._meta.fields}
        return {name: value for name, value in said.items() if not (name == "requires_operator" and value is None)}


class PlaceForm(StepForm, DeviceForm):
    """Step 2."""

    latitude = DegreesField("Latitude", 90, error_messages={"required": "Put the pin on the map, or type the latitude"})
    longitude = DegreesField("Longitude", 180, error_messages={"required": "And the longitude"})

    class Meta:
        model = Device
        fields = [*ADDRESS, *COORDINATES]
        labels = {"address_first_line": "Address", "address_second_line": "More of the address"}

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("pincode", *COORDINATES):
            self.fields[name].required = True
        self.fields["pincode"].error_messages["required"] = "Type the PIN code"
