"""Types and manufacturers in the back office."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.admin import links_to
from devices.admin.kept import KeptAdmin
from devices.models import DeviceType, Manufacturer


class MasterDataAdmin(KeptAdmin):
    list_filter = ["active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["code", "devices_link"] if obj else []


@admin.register(DeviceType)
class DeviceTypeAdmin(MasterDataAdmin):
    list_display = ["code", "display_name", "requires_operator", "active"]
    search_fields = ["code", "display_name"]
    devices_link = links_to("devices", "device", "device_type", "devices")


@admin.register(Manufacturer)
class ManufacturerAdmin(MasterDataAdmin):
    list_display = ["code", "name", "active"]
    search_fields = ["code", "name"]
    devices_link = links_to("devices", "device", "manufacturer", "devices")
