"""Handle requests about devices: list, onboarding, changes, status and media."""

from rest_framework.response import Response

from accounts.requests import ActorRequest
from core.contracts.filters import choice_param, search_param
from core.contracts.multipart import UploadParser
from core.contracts.schema import documented
from core.errors import Invalid
from core.uploads import checked_upload
from devices.api.admin_views import AdminDeviceViewSet
from devices.api.onboarding_serializers import FINAL_STATUSES, FinalizeInput, MediaInput, OnboardSummaryOutput
from devices.api.serializers import DeviceInput, DeviceOutput
from devices.media import KINDS, MAX_AT_ONCE, MAX_BYTES, add_media, remove_media, set_primary_media
from devices.models import Device
from devices.pricing import prices_of
from devices.services import change_device_status, create_device, update_device
from devices.workflow import DeviceStatus


class DeviceReplyViewSet(AdminDeviceViewSet):
    def reply_device(self, device: Device, *, status: int = 200) -> Response:
        """Reply with the device as it is in the database, with its lease and media."""
        return self.reply(DeviceOutput(Device.objects.with_details().find(device.pk)).data, status=status)


class DeviceView(DeviceReplyViewSet):
    @documented(
        page=DeviceOutput,
        query={
            "status": "Only devices with this status.",
            "search": "In names; or the start of an id, sensor or PIN code.",
        },
    )
    def list(self, request: ActorRequest) -> Response:
        """List all devices, newest first."""
        devices = Device.objects.with_details()
        if status := choice_param(request.query_params.get("status"), DeviceStatus.values, "status"):
            devices = devices.filter(status=status)
        if text := search_param(request.query_params.get("search")):
            devices = devices.matching(text)
        return self.reply_page(devices, DeviceOutput)

    @documented(request=DeviceInput, response=DeviceOutput, status=201)
    def draft(self, request: ActorRequest) -> Response:
        """Create a device as a DRAFT (step 1)."""
        return self.reply_device(create_device(by=request.auth, **self.read(DeviceInput)), status=201)

    @documented(response=DeviceOutput)
    def retrieve(self, request: ActorRequest, device_id: str) -> Response:
        """Return one device."""
        return self.reply(DeviceOutput(Device.objects.with_details().find(device_id)).data)

    @documented(request=DeviceInput, response=DeviceOutput)
    def update(self, request: ActorRequest, device_id: str) -> Response:
        """Change details of a device; missing fields keep their values, as do status and lease."""
        device = Device.objects.find(device_id)
        return self.reply_device(update_device(device, by=request.auth, **self.read(DeviceInput, changing=device)))

    @documented(response=OnboardSummaryOutput)
    def summary(self, request: ActorRequest, device_id: str) -> Response:
        """Return all that was entered (step 4)."""
        device = Device.objects.with_details().find(device_id)
        return self.reply(OnboardSummaryOutput({"device": device, "prices": prices_of(device)}).data)

    @documented(request=FinalizeInput, response=DeviceOutput)
    def finalize(self, request: ActorRequest, device_id: str) -> Response:
        """Finish the onboarding, or take the device live at once (step 4)."""
        device = Device.objects.find(device_id)
        to = FINAL_STATUSES[self.read(FinalizeInput)["action"]]
        return self.reply_device(change_device_status(device, to=to, by=request.auth))

    @documented(response=DeviceOutput, query={"status": "The new status."})
    def change_status(self, request: ActorRequest, device_id: str) -> Response:
        """Change the status of a device."""
        device = Device.objects.find(device_id)
        to = choice_param(request.query_params.get("status"), DeviceStatus.values, "status")
        if to is None:
            raise Invalid({"status": "status is required"})
        return self.reply_device(change_device_status(device, to=to, by=request.auth))


class MediaParser(UploadParser):
    max_files = MAX_AT_ONCE
    max_file_bytes = MAX_BYTES


class DeviceMediaView(DeviceReplyViewSet):
    parser_classes = [MediaParser]

    @documented(request={"multipart/form-data": MediaInput}, response=DeviceOutput, status=201)
    def create(self, request: ActorRequest, device_id: str) -> Response:
        """Add JPG, PNG, MP4 and MOV files of up to 20 MB each (step 2)."""
        device = Device.objects.find(device_id)
        sent = self.read(MediaInput)
        # Lazily: each is checked when it is stored.
        uploads = (checked_upload(file, kinds=KINDS, max_bytes=MAX_BYTES) for file in sent["files"])
        add_media(device, uploads=uploads, primary_index=sent.get("primary_index"), by=request.auth)
        return self.reply_device(device, status=201)

    @documented(response=DeviceOutput)
    def list(self, request: ActorRequest, device_id: str) -> Response:
        """Return the device with its media."""
        return self.reply(DeviceOutput(Device.objects.with_details().find(device_id)).data)

    @documented(response=DeviceOutput, query={"mediaUrl": "As in `mediaUrls`."})
    def destroy(self, request: ActorRequest, device_id: str) -> Response:
        """Remove a photo or video."""
        device = Device.objects.find(device_id)
        return self.reply_device(remove_media(device, url=self.media_url(), by=request.auth))

    @documented(response=DeviceOutput, query={"mediaUrl": "As in `mediaUrls`."})
    def set_primary(self, request: ActorRequest, device_id: str) -> Response:
        """Make a photo the primary one, which lists show."""
        device = Device.objects.find(device_id)
        return self.reply_device(set_primary_media(device, url=self.media_url(), by=request.auth))

    def media_url(self) -> str:
        """Return the parameter `mediaUrl`. Raises Invalid if it is missing."""
        url = self.request.query_params.get("mediaUrl")
        if not url:
            raise Invalid({"mediaUrl": "mediaUrl is required"})
        return url
