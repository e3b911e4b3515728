"""Admin pages of photos and videos: upload several at once, choose the primary one, remove one."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html

from accounts.admin.territory_scope import TerritoryScopedAdmin
from core.admin.actions import RowAction, bulk_action
from core.admin.base import ReadOnlyAdmin
from core.admin.links import link_to
from core.admin.views import log_and_show, object_post
from devices.admin.pages import DevicePages, errors_in
from devices.forms.media import LIMITS, MediaForm
from devices.media import add_media, remove_media, set_primary_media
from devices.models import Device, DeviceMedia
from devices.onboarding import Step

MEDIA_ACTIONS: dict[str, tuple[Callable[..., object], str]] = {
    "primary": (set_primary_media, "primary photo chosen"),
    "remove": (remove_media, "photo or video removed"),
}


class MediaPages(DevicePages):
    """Render step 3 of the onboarding."""

    def get_urls(self) -> list[URLPattern]:
        post = object_post(self, "<uuid:object_id>/media/", self.media_action_view, name="media")
        return [post, *super().get_urls()]

    def media_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Render the page; on POST add the uploads."""
        device = self.device_to_change(request, object_id)
        form = MediaForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and not request.FILES:  # nothing to add, only on to the next step
            return self.redirect_after(request, device, Step.MEDIA)
        if request.method == "POST" and form.is_valid() and self._add(request, device, form):
            return (
                self.redirect_to_step(device, Step.MEDIA)
                if "_stay" in request.POST
                else self.redirect_after(request, device, Step.MEDIA)
            )
        context = {"form": form, "limits": LIMITS, "media": list(device.media.all())}
        return self.step_page(request, device, Step.MEDIA, context)

    def media_action_view(self, request: HttpRequest, device: Device) -> HttpResponse:
        """Run the action of a button under a photo or video. Raises PermissionDenied, DomainError."""
        if request.POST.get("action") not in MEDIA_ACTIONS:
            raise PermissionDenied
        run, success = MEDIA_ACTIONS[request.POST["action"]]
        run(device, url=request.POST.get("url", ""), by=self.get_actor(request))
        log_and_show(self, request, device, success)
        return self.redirect_to_step(device, Step.MEDIA)

    def _add(self, request: HttpRequest, device: Device, form: MediaForm) -> bool:
        uploads, primary_index = form.cleaned_data["files"], form.cleaned_data["primary_index"]
        with errors_in(form, "files"):
            added = add_media(device, uploads=uploads, primary_index=primary_index, by=self.get_actor(request))
            success = "1 file added." if len(added) == 1 else f"{len(added)} files added."
            self.message_user(request, success, messages.SUCCESS)
            return True
        return False


@admin.display(description="preview")
def preview(self: Any, media: DeviceMedia) -> str:
    """Return the photo, or a player for the video."""
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
        bulk_action(
            RowAction(
                "make_primary",
                "Make primary",
                lambda media, by: set_primary_media(media.device, url=media.url, by=by),
                success="primary photo chosen",
            )
        ),
        bulk_action(
            RowAction(
                "remove",
                "Remove for ever",
                lambda media, by: remove_media(media.device, url=media.url, by=by),
                success="removed",
            )
        ),
    ]
