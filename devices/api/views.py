"""Devices over HTTP, from the first step of their onboarding to their end."""

from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.filters import choice_param, search_param
from core.contracts.multipart import UploadParser
from core.contracts.schema import documented
from core.errors import Invalid
from core.uploads import checked_upload
from devices.api.office import OfficeViewSet
from devices.api.onboarding_serializers import FINAL_STEPS, FinalizeInput, MediaInput, OnboardSummaryOutput
from devices.api.serializers import DeviceInput, DeviceOutput
from devices.media import KINDS, MAX_AT_ONCE, MAX_BYTES, add_media, remove_media, set_primary_media
from devices.models import Device
from devices.pricing import prices_of
from devices.services import change_device_status, draft_device, edit_device
from devices.workflow import DeviceStatus


class DeviceOfficeView(OfficeViewSet):
    def reply_device(self, device: Device, *, status: int = 200) -> Response:
        """The device as it is now, with its lease and media."""
        return self.reply(DeviceOutput(Device.objects.shown().find(device.pk)).data, status=status)


class DeviceView(DeviceOfficeView):
    @documented(
        page=DeviceOutput,
        query={
            "status": "Only devices in this state.",
            "search": "In names; or the start of an id, sensor or PIN code.",
        },
    )
    def list(self, request: Request) -> Response:
        """All devices, newest first."""
        devices = Device.objects.shown()
        if status := choice_param(request.query_params.get("status"), DeviceStatus.values, "status"):
            devices = devices.filter(status=status)
        if text := search_param(request.query_params.get("search")):
            devices = devices.matching(text)
        return self.reply_page(devices, DeviceOutput)

    @documented(request=DeviceInput, response=DeviceOutput, status=201)
    def draft(self, request: Request) -> Response:
        """Step 1: enter a device; it is a DRAFT."""
        return self.reply_device(draft_device(by=request.auth, **self.read(DeviceInput)), status=201)

    @documented(response=DeviceOutput)
    def retrieve(self, request: Request, device_id: str) -> Response:
        """One device."""
        return self.reply(DeviceOutput(Device.objects.shown().find(device_id)).data)

    @documented(request=DeviceInput, response=DeviceOutput)
    def update(self, request: Request, device_id: str) -> Response:
        """Correct a device; what is missing stays as it is, and so do its state and its lease."""
        device = Device.objects.find(device_id)
        return self.reply_device(edit_device(device, by=request.auth, **self.read(DeviceInput, changing=device)))

    @documented(response=OnboardSummaryOutput)
    def summary(self, request: Request, device_id: str) -> Response:
        """Step 4: all that was entered."""
        device = Device.objects.shown().find(device_id)
        return self.reply(OnboardSummaryOutput({"device": device, "prices": prices_of(device)}).data)

    @documented(request=FinalizeInput, response=DeviceOutput)
    def finalize(self, request: Request, device_id: str) -> Response:
        """Step 4: end the onboarding, or take the device live at once."""
        device = Device.objects.find(device_id)
        to = FINAL_STEPS[self.read(FinalizeInput)["action"]]
        return self.reply_device(change_device_status(device, to=to, by=request.auth))

    @documented(response=DeviceOutput, query={"status": "The state to move to."})
    def move(self, request: Request, device_id: str) -> Response:
        """Move a device along its life."""
        device = Device.objects.find(device_id)
        to = choice_param(request.query_params.get("status"), DeviceStatus.values, "status")
        if to is None:
            raise Invalid({"status": "status is required"})
        return self.reply_device(change_device_status(device, to=to, by=request.auth))


class MediaParser(UploadParser):
    max_files = MAX_AT_ONCE
    max_file_bytes = MAX_BYTES


class DeviceMediaView(DeviceOfficeView):
    parser_classes = [MediaParser]

    @documented(request={"multipart/form-data": MediaInput}, response=DeviceOutput, status=201)
    def create(self, request: Request, device_id: str) -> Response:
        """Step 2: add JPG, PNG, MP4 and MOV files of up to 20 MB each."""
        device = Device.objects.find(device_id)
        sent = self.read(MediaInput)
        # One by one, while they are written.
        uploads = (checked_upload(file, kinds=KINDS, max_bytes=MAX_BYTES) for file in sent["files"])
        add_media(device, uploads=uploads, primary_index=sent.get("primary_index"), by=request.auth)
        return self.reply_device(device, status=201)

    @documented(response=DeviceOutput)
    def list(self, request: Request, device_id: str) -> Response:
        """The device with its media."""
        return self.reply(DeviceOutput(Device.objects.shown().find(device_id)).data)

    @documented(response=DeviceOutput, query={"mediaUrl": "As in `mediaUrls`."})
    def destroy(self, request: Request, device_id: str) -> Response:
        """Take a picture or film away."""
        device = Device.objects.find(device_id)
        remove_media(device, url=self.media_url(), by=request.auth)
        return self.reply_device(device)

    @documented(response=DeviceOutput, query={"mediaUrl": "As in `mediaUrls`."})
    def set_primary(self, request: Request, device_id: str) -> Response:
        """Choose the picture that stands for the device."""
        device = Device.objects.find(device_id)
        set_primary_media(device, url=self.media_url(), by=request.auth)
        return self.reply_device(device)

    def media_url(self) -> str:
        url = self.request.query_params.get("mediaUrl")
        if not url:
            raise Invalid({"mediaUrl": "mediaUrl is required"})
        return url
