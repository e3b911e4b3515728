"""Admin pages of device types and manufacturers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.admin.links import links_to
from core.admin.stale_forms import EditableAdmin
from devices.master_data import create_master_data, update_master_data
from devices.models import DeviceType, Manufacturer


class MasterDataAdmin(EditableAdmin):
    list_filter = ["active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["code", "devices_link"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        by = self.get_actor(request)
        if change:
            update_master_data(obj, by=by, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj._state = create_master_data(self.model, by=by, **form.cleaned_data)._state


@admin.register(DeviceType)
class DeviceTypeAdmin(MasterDataAdmin):
    list_display = ["code", "display_name", "requires_operator", "active"]
    search_fields = ["code", "display_name"]
    devices_link = links_to("devices.Device", "device_type", "devices")


@admin.register(Manufacturer)
class ManufacturerAdmin(MasterDataAdmin):
    list_display = ["code", "name", "active"]
    search_fields = ["code", "name"]
    devices_link = links_to("devices.Device", "manufacturer", "devices")
