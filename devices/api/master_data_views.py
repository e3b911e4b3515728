"""Types and manufacturers over HTTP: for all to choose from, for the company to keep."""

from rest_framework import viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.equipment import EquipmentView
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


class PublicMasterDataView(EquipmentView, viewsets.ViewSet):
    """For those who log in and those who do not: whatever token they send is not looked at."""

    authentication_classes: list = []
    permission_classes = [AllowAny]

    @documented(page=PublicDeviceTypeOutput)
    def device_types(self, request: Request) -> Response:
        """Device types in use, by code."""
        return self.reply_page(DeviceType.objects.active(), PublicDeviceTypeOutput, pages=page_by_code)

    @documented(page=PublicManufacturerOutput)
    def manufacturers(self, request: Request) -> Response:
        """Manufacturers in use, by code."""
        return self.reply_page(Manufacturer.objects.active(), PublicManufacturerOutput, pages=page_by_code)


class DeviceTypeView(AdminDeviceViewSet):
    @documented(page=DeviceTypeEntryOutput)
    def list(self, request: Request) -> Response:
        """All device types, by code."""
        return self.reply_page(DeviceType.objects.all(), DeviceTypeEntryOutput, pages=page_by_code)

    @documented(request=AddDeviceTypeInput, response=DeviceTypeEntryOutput, status=201)
    def create(self, request: Request) -> Response:
        """Enter a device type."""
        row = create_master_data(DeviceType, by=request.auth, **self.read(AddDeviceTypeInput))
        return self.reply_created(DeviceTypeEntryOutput(row).data)

    @documented(response=DeviceTypeEntryOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """One device type."""
        return self.reply(DeviceTypeEntryOutput(DeviceType.objects.find(code)).data)

    @documented(request=EditDeviceTypeInput, response=DeviceTypeEntryOutput)
    def update(self, request: Request, code: str) -> Response:
        """Correct a device type; what is missing stays as it is."""
        row = DeviceType.objects.find(code)
        row = update_master_data(row, by=request.auth, **self.read(EditDeviceTypeInput, changing=row))
        return self.reply(DeviceTypeEntryOutput(row).data)

    @documented(response=DeviceTypeEntryOutput)
    def destroy(self, request: Request, code: str) -> Response:
        """Deactivate a device type to which no device refers."""
        row = deactivate_master_data(DeviceType.objects.find(code), by=request.auth)
        return self.reply(DeviceTypeEntryOutput(row).data)


class ManufacturerView(AdminDeviceViewSet):
    @documented(page=ManufacturerEntryOutput)
    def list(self, request: Request) -> Response:
        """All manufacturers, by code."""
        return self.reply_page(Manufacturer.objects.all(), ManufacturerEntryOutput, pages=page_by_code)

    @documented(request=AddManufacturerInput, response=ManufacturerEntryOutput, status=201)
    def create(self, request: Request) -> Response:
        """Enter a manufacturer."""
        row = create_master_data(Manufacturer, by=request.auth, **self.read(AddManufacturerInput))
        return self.reply_created(ManufacturerEntryOutput(row).data)

    @documented(response=ManufacturerEntryOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """One manufacturer."""
        return self.reply(ManufacturerEntryOutput(Manufacturer.objects.find(code)).data)

    @documented(request=EditManufacturerInput, response=ManufacturerEntryOutput)
    def update(self, request: Request, code: str) -> Response:
        """Correct a manufacturer; what is missing stays as it is."""
        row = Manufacturer.objects.find(code)
        row = update_master_data(row, by=request.auth, **self.read(EditManufacturerInput, changing=row))
        return self.reply(ManufacturerEntryOutput(row).data)

    @documented(response=ManufacturerEntryOutput)
    def destroy(self, request: Request, code: str) -> Response:
        """Deactivate a manufacturer to whom no device refers."""
        row = deactivate_master_data(Manufacturer.objects.find(code), by=request.auth)
        return self.reply(ManufacturerEntryOutput(row).data)
