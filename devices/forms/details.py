"""Forms of the details and the location of a device: on its page, and step by step in its onboarding."""

import hashlib
from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.forms import model_to_dict

from accounts.models import PINCODE_SHAPE
from core.errors import StaleObjectError
from core.forms import DigitsField, form_field
from devices.models import Device
from devices.models.device import PINCODE_PATTERN, SENSOR_IS_TAKEN
from devices.workflow import DeviceStatus

DETAILS = ["device_type", "manufacturer", "name", "sensor_id"]
MORE_DETAILS = ["description", "owner", "manufactured_date", "company_owned", "requires_operator"]
ADDRESS = ["address_first_line", "address_second_line", "pincode", "city", "state"]
COORDINATES = ["latitude", "longitude"]
AS_ITS_TYPE = ""
INCOMPLETE_LOCATION = "Latitude and longitude belong together"


class DegreesField(forms.FloatField):
    """Take a latitude or longitude in degrees, from -`bound` to `bound`."""

    def __init__(self, name: str, bound: int, **options: Any):
        self.name, self.bound = name, bound
        super().__init__(label=name, **options)
        self.widget.attrs |= {"step": "any", "inputmode": "decimal"}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and abs(value) > self.bound:
            raise forms.ValidationError(f"{self.name} must be from -{self.bound} to {self.bound}")


class DetailsForm(forms.ModelForm):
    """Edit some columns of a device."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("device_type", "manufacturer"):
            if name in self.fields:  # staff who may only view have none
                field = cast(forms.ModelChoiceField, self.fields[name])
                rows: Any = field.queryset
                field.queryset = rows.active() | rows.filter(pk=getattr(self.instance, f"{name}_id"))

    @property
    def column_names(self) -> list[str]:
        return list(cast(Collection[str], self._meta.fields))

    def clean_sensor_id(self) -> str | None:
        sensor = self.cleaned_data["sensor_id"]
        if sensor and Device.objects.exclude(pk=self.instance.pk).filter(sensor_id=sensor).exists():
            raise forms.ValidationError(SENSOR_IS_TAKEN)
        return sensor

    def changes(self) -> dict[str, Any]:
        """Return the columns whose values were changed, with the new values."""
        columns = {field.name for field in Device._meta.fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in columns}


class DeviceForm(DetailsForm):
    """Edit everything about a device; only a DRAFT may be without a location."""

    pincode = DigitsField(
        PINCODE_PATTERN,
        label="PIN code",
        error_messages={"invalid": PINCODE_SHAPE},
        widget=forms.TextInput({"autocomplete": "postal-code"}),
    )
    latitude = DegreesField("Latitude", 90, help_text="Degrees north.")
    longitude = DegreesField("Longitude", 180, help_text="Degrees east.")

    class Meta:
        model = Device
        fields = [*DETAILS, *MORE_DETAILS, *ADDRESS, "country", *COORDINATES]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if self.instance.status == DeviceStatus.DRAFT:
            for name in {"pincode", *COORDINATES} & set(self.fields):
                self.fields[name].required = False

    def clean(self) -> Any:
        missing = [name for name in COORDINATES if self.cleaned_data.get(name, 0) is None]
        if len(missing) == 1:
            self.add_error(missing[0], INCOMPLETE_LOCATION)
        return super().clean()


class StepForm(DetailsForm):
    """Edit one step of the onboarding; a form is refused if the same columns were saved after it was opened."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        # A refused form keeps the version it was opened with, so that saving it again is refused again.
        self.current_version = "" if self.instance._state.adding else self._hash_columns()
        self.initial["version"] = self.current_version

    def clean(self) -> Any:
        if self.cleaned_data.get("version") != self.current_version:
            raise forms.ValidationError(str(StaleObjectError()), code="changed")
        return super().clean()

    def _hash_columns(self) -> str:
        values = model_to_dict(self.instance, fields=self.column_names)
        return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()


class DeviceDetailsForm(StepForm):
    """Edit step 1. A new device needs an operator if its type does, unless the form says otherwise."""

    requires_operator = forms.TypedChoiceField(
        label="Needs an operator",
        required=False,
        coerce=lambda value: value == "True",
        empty_value=None,
        choices=[(AS_ITS_TYPE, "As usual for its type"), ("True", "Yes"), ("False", "No")],
    )

    class Meta:
        model = Device
        fields = [*DETAILS, *MORE_DETAILS]
        formfield_callback = form_field
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
            cast(forms.ModelChoiceField, self.fields[name]).empty_label = "Choose"
        if not self.instance._state.adding:
            requires_operator = cast(forms.ChoiceField, self.fields["requires_operator"])
            requires_operator.choices = [("True", "Yes"), ("False", "No")]
            requires_operator.required = True

    def details(self) -> dict[str, Any]:
        """Return the columns of a new device; without `requires_operator` if that follows its type."""
        values = {name: self.cleaned_data[name] for name in self.column_names}
        if values["requires_operator"] is None:
            del values["requires_operator"]
        return values


class LocationForm(StepForm, DeviceForm):
    """Edit step 2."""

    latitude = DegreesField("Latitude", 90, error_messages={"required": "Put the pin on the map, or type the latitude"})
    longitude = DegreesField("Longitude", 180, error_messages={"required": "And the longitude"})

    class Meta:
        model = Device
        fields = [*ADDRESS, *COORDINATES]
        formfield_callback = form_field
        labels = {"address_first_line": "Address", "address_second_line": "More of the address"}

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        for name in ("pincode", *COORDINATES):
            self.fields[name].required = True
        self.fields["pincode"].error_messages["required"] = "Type the PIN code"
