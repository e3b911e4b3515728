"""Handle requests about device types and manufacturers: public lists, and their management by admins."""

from rest_framework import viewsets
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from accounts.requests import ActorRequest
from core.contracts.equipment import EquipmentView
from core.contracts.filters import flag_param
from core.contracts.paging import page_by_code
from core.contracts.schema import documented
from devices.api.admin_views import AdminDeviceViewSet
from devices.api.master_data_serializers import (
    AddDeviceTypeInput,
    AddManufacturerInput,
    DeviceTypeEntryOutput,
    EditDeviceTypeInput,
    EditManufacturerInput,
    ManufacturerEntryOutput,
    PublicDeviceTypeOutput,
    PublicManufacturerOutput,
)
from devices.master_data import create_master_data, deactivate_master_data, update_master_data
from devices.models import DeviceType, Manufacturer

ACTIVE = {"active": "true or false."}


class PublicMasterDataView(EquipmentView, viewsets.ViewSet):
    """Answer everyone; tokens are ignored."""

    authentication_classes: list = []
    permission_classes = [AllowAny]

    @documented(page=PublicDeviceTypeOutput)
    def device_types(self, request: ActorRequest) -> Response:
        """List active device types, by code."""
        return self.reply_page(DeviceType.objects.active(), PublicDeviceTypeOutput, pages=page_by_code)

    @documented(page=PublicManufacturerOutput)
    def manufacturers(self, request: ActorRequest) -> Response:
        """List active manufacturers, by code."""
        return self.reply_page(Manufacturer.objects.active(), PublicManufacturerOutput, pages=page_by_code)


class DeviceTypeView(AdminDeviceViewSet):
    @documented(page=DeviceTypeEntryOutput, query=ACTIVE)
    def list(self, request: ActorRequest) -> Response:
        """List all device types, by code."""
        active = flag_param(request.query_params.get("active"), "active")
        return self.reply_page(
            DeviceType.objects.all().matching(active=active), DeviceTypeEntryOutput, pages=page_by_code
        )

    @documented(request=AddDeviceTypeInput, response=DeviceTypeEntryOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Create a device type."""
        row = create_master_data(DeviceType, by=request.auth, **self.read(AddDeviceTypeInput))
        return self.reply_created(DeviceTypeEntryOutput(row).data)

    @documented(response=DeviceTypeEntryOutput)
    def retrieve(self, request: ActorRequest, code: str) -> Response:
        """Return one device type."""
        return self.reply(DeviceTypeEntryOutput(DeviceType.objects.find(code)).data)

    @documented(request=EditDeviceTypeInput, response=DeviceTypeEntryOutput)
    def update(self, request: ActorRequest, code: str) -> Response:
        """Change a device type; missing fields keep their values."""
        row = DeviceType.objects.find(code)
        row = update_master_data(row, by=request.auth, **self.read(EditDeviceTypeInput, changing=row))
        return self.reply(DeviceTypeEntryOutput(row).data)

    @documented(response=DeviceTypeEntryOutput)
    def destroy(self, request: ActorRequest, code: str) -> Response:
        """Deactivate a device type that no device refers to."""
        row = deactivate_master_data(DeviceType.objects.find(code), by=request.auth)
        return self.reply(DeviceTypeEntryOutput(row).data)


class ManufacturerView(AdminDeviceViewSet):
    @documented(page=ManufacturerEntryOutput, query=ACTIVE)
    def list(self, request: ActorRequest) -> Response:
        """List all manufacturers, by code."""
        active = flag_param(request.query_params.get("active"), "active")
        return self.reply_page(
            Manufacturer.objects.all().matching(active=active), ManufacturerEntryOutput, pages=page_by_code
        )

    @documented(request=AddManufacturerInput, response=ManufacturerEntryOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Create a manufacturer."""
        row = create_master_data(Manufacturer, by=request.auth, **self.read(AddManufacturerInput))
        return self.reply_created(ManufacturerEntryOutput(row).data)

    @documented(response=ManufacturerEntryOutput)
    def retrieve(self, request: ActorRequest, code: str) -> Response:
        """Return one manufacturer."""
        return self.reply(ManufacturerEntryOutput(Manufacturer.objects.find(code)).data)

    @documented(request=EditManufacturerInput, response=ManufacturerEntryOutput)
    def update(self, request: ActorRequest, code: str) -> Response:
        """Change a manufacturer; missing fields keep their values."""
        row = Manufacturer.objects.find(code)
        row = update_master_data(row, by=request.auth, **self.read(EditManufacturerInput, changing=row))
        return self.reply(ManufacturerEntryOutput(row).data)

    @documented(response=ManufacturerEntryOutput)
    def destroy(self, request: ActorRequest, code: str) -> Response:
        """Deactivate a manufacturer that no device refers to."""
        row = deactivate_master_data(Manufacturer.objects.find(code), by=request.auth)
        return self.reply(ManufacturerEntryOutput(row).data)
