"""Write photos and videos of devices: rows and files are added and removed together."""

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from core.errors import DomainError, NotFound
from core.uploads import CheckedUpload, FileKind, StoredFile, stored_files
from devices.models import Device, DeviceMedia
from devices.policies import must_manage_devices
from devices.services import check_not_retired

FOLDER = "devices"
KINDS = (FileKind.JPG, FileKind.PNG, FileKind.MP4, FileKind.MOV)
MAX_BYTES = 20 * 2**20
MAX_AT_ONCE = 20
MAX_MEDIA = 100
"""Per device; its page shows them all."""
TOO_MANY = f"A device can have at most {MAX_MEDIA} pictures and films"
NO_SUCH_MEDIA = "Media not found"
ONLY_PHOTOS_PRIMARY = "Only a picture can be the primary media"


def add_media(
    device: Device, *, uploads: Iterable[CheckedUpload], by: Actor, primary_index: int | None = None
) -> list[DeviceMedia]:
    """Add photos and videos, all or none, and return their rows. The primary one is `uploads[primary_index]`.

    Without an index, the first photo becomes primary if the device has no primary one. Raises Forbidden for anyone
    but an ADMIN, DomainError for a RETIRED device, too many media, or a video as the primary one.
    """
    must_manage_devices(device, by)
    check_not_retired(device)  # asked again under the lock; here before the files are stored
    # Checking and writing 20 files takes longer than a lock should be held.
    folder = f"{FOLDER}/{timezone.now():%Y/%m}"
    with stored_files(uploads, storage=default_storage, folder=folder) as files, transaction.atomic():
        device = Device.objects.lock(device.pk)
        check_not_retired(device)
        return _add_rows(device, files, primary_index)


@transaction.atomic
def remove_media(device: Device, *, url: str, by: Actor) -> Device:
    """Remove a photo or video and return the device; if it was primary, the next photo becomes primary.

    Raises Forbidden for anyone but an ADMIN, NotFound, and DomainError for a RETIRED device.
    """
    device = _lock(device, by)
    media = _find(device, url)
    name = str(media.file)
    media.delete()
    if media.is_primary:
        _make_primary(device.media.photos().first())
    _touch(device)
    transaction.on_commit(lambda: default_storage.delete(name))
    return device


@transaction.atomic
def set_primary_media(device: Device, *, url: str, by: Actor) -> Device:
    """Make a photo the primary one and return the device. Raises as `remove_media`, and DomainError for a video."""
    device = _lock(device, by)
    _change_primary(device, _find(device, url))
    _touch(device)
    return device


def _lock(device: Device, by: Actor) -> Device:
    device = Device.objects.lock(device.pk)
    must_manage_devices(device, by)
    check_not_retired(device)
    return device


def _add_rows(device: Device, files: list[StoredFile], primary_index: int | None) -> list[DeviceMedia]:
    if device.media.count() + len(files) > MAX_MEDIA:
        raise DomainError(TOO_MANY)
    added = DeviceMedia.objects.bulk_create(
        DeviceMedia(device=device, file=file.name, content_type=file.kind.value) for file in files
    )
    if primary_index is not None:
        _change_primary(device, added[primary_index])
    elif not device.media.filter(is_primary=True).exists():
        _make_primary(device.media.photos().first())
    _touch(device)
    return added


def _find(device: Device, url: str) -> DeviceMedia:
    # Clients may prepend the host to the path in `mediaUrls`.
    media = next((media for media in device.media.all() if url.endswith(media.url)), None)
    if media is None:
        raise NotFound(NO_SUCH_MEDIA)
    return media


def _change_primary(device: Device, media: DeviceMedia) -> None:
    if not media.is_image:
        raise DomainError(ONLY_PHOTOS_PRIMARY)
    device.media.update(is_primary=False)
    _make_primary(media)


def _make_primary(media: DeviceMedia | None) -> None:
    if media is not None:
        media.is_primary = True
        media.save(update_fields=["is_primary"])


def _touch(device: Device) -> None:
    # Clients that poll by `updatedAt` must notice changed media.
    device.save(update_fields=["updated_at"])
