"""Pictures and films of a device: adding several at once, choosing the one that stands for it, taking one away."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from accounts.admin_actions import act_on_each
from accounts.admin_territories import TerritoryScopedAdmin
from core.admin import ReadOnlyAdmin, link_to
from core.errors import DomainError
from devices.admin.pages import DevicePages
from devices.forms.media import LIMITS, MediaForm
from devices.media import add_media, remove_media, set_primary_media
from devices.models import Device, DeviceMedia
from devices.onboarding import Step


class MediaPages(DevicePages):
    """Step 3."""

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(require_POST(self.media_act_view))
        return [path("<uuid:object_id>/media/", act, name="devices_device_media"), *super().get_urls()]

    def media_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page, and the upload."""
        device = self.device_to_change(request, object_id)
        form = MediaForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and not request.FILES:  # nothing to add, only on to the next step
            return self.after(request, device, Step.MEDIA)
        if request.method == "POST" and form.is_valid() and self._add(request, device, form):
            return (
                self.to_step(device, Step.MEDIA) if "_stay" in request.POST else self.after(request, device, Step.MEDIA)
            )
        context = {"form": form, "limits": LIMITS, "media": list(device.media.all())}
        return self.step_page(request, device, Step.MEDIA, context)

    def media_act_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One press of a button under a picture or film."""
        device = self.device_to_change(request, str(object_id))
        acts: dict[str, tuple[Callable[..., None], str]] = {
            "primary": (set_primary_media, "This picture now stands for the device."),
            "remove": (remove_media, "Removed."),
        }
        try:
            act, done = acts[request.POST.get("act", "")]
            act(device, url=request.POST.get("url", ""), by=self.by(request))
            self.message_user(request, done, messages.SUCCESS)
        except KeyError:
            raise PermissionDenied from None
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return self.to_step(device, Step.MEDIA)

    def _add(self, request: HttpRequest, device: Device, form: MediaForm) -> bool:
        uploads, chosen = form.cleaned_data["files"], form.cleaned_data["primary_index"]
        try:
            added = add_media(device, uploads=uploads, primary_index=chosen, by=self.by(request))
        except DomainError as refusal:
            form.add_error("files", str(refusal))
            return False
        done = "1 file added." if len(added) == 1 else f"{len(added)} files added."
        self.message_user(request, done, messages.SUCCESS)
        return True


@admin.display(description="preview")
def preview(self: Any, media: DeviceMedia) -> str:
    """The picture, or a player for the film."""
    if media.is_image:
        return format_html('<a href="{0}"><img src="{0}" alt="" height="80" loading="lazy"></a>', media.url)
    return format_html('<video src="{}" controls preload="none" height="80"></video>', media.url)


@admin.register(DeviceMedia)
class DeviceMediaAdmin(TerritoryScopedAdmin, ReadOnlyAdmin):
    pincode_path = "device__pincode"
    list_display = ["preview", "device_link", "is_primary", "content_type", "uploaded_at"]
    list_filter = ["is_primary", "content_type"]
    list_select_related = ["device"]
    list_per_page = 50
    search_fields = ["device__name"]
    preview = preview
    device_link = link_to("device")
    fieldsets = [(None, {"fields": ["preview", "device_link", "is_primary", "content_type", "uploaded_at"]})]
    actions = [
        act_on_each("make_primary", "Make primary", lambda row, by: set_primary_media(row.device, url=row.url, by=by)),
        act_on_each("remove", "Remove for ever", lambda row, by: remove_media(row.device, url=row.url, by=by)),
    ]
