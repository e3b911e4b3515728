"""Thumbnails for lists: the photos themselves may have 20 MB."""

from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from core.admin.views import guarded_view
from core.images import thumbnail
from devices.admin.pages import DevicePages
from devices.models import DeviceMedia

THUMBNAIL_PIXELS = 256  # twice what is shown, for sharp screens
CACHE_SECONDS = 7 * 24 * 3600  # on the server; browsers keep them for a year


class ThumbnailPages(DevicePages):
    """Serve thumbnails; the content of a photo never changes, so each is made once."""

    def get_urls(self) -> list[URLPattern]:
        thumbnail = guarded_view(
            self,
            "<uuid:object_id>/media/<int:media_id>/small.jpg",
            require_safe(self.thumbnail_view),
            name="devices_device_thumbnail",
            permission=self.has_view_permission,
            cacheable=True,
        )
        return [thumbnail, *super().get_urls()]

    def thumbnail_view(self, request: HttpRequest, object_id: UUID, media_id: int) -> HttpResponse:
        media = DeviceMedia.objects.photos().filter(pk=media_id, device=object_id).first()
        if media is None:
            raise Http404
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return HttpResponse(_thumbnail(media), content_type="image/jpeg", headers=headers)


def _thumbnail(media: DeviceMedia) -> bytes:
    key = f"thumbnail-{media.file.name}"
    content = cache.get(key)
    if content is None:
        try:
            with media.file.open() as file:
                content = thumbnail(file, side=THUMBNAIL_PIXELS)
        except FileNotFoundError:
            raise Http404 from None
        cache.set(key, content, CACHE_SECONDS)
    return content
