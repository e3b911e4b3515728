"""What writes pictures and films of devices: rows and files come and go together."""

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from core.errors import DomainError, NotFound
from core.uploads import CheckedUpload, FileKind, StoredFile, stored_files
from devices.models import Device, DeviceMedia
from devices.policies import must_manage_devices
from devices.services import RETIRED_IS_FINAL, lock_for_change

FOLDER = "devices"
KINDS = (FileKind.JPG, FileKind.PNG, FileKind.MP4, FileKind.MOV)
MAX_BYTES = 20 * 2**20
MAX_AT_ONCE = 20
MAX_MEDIA = 100
"""Per device; lists show them all."""
TOO_MANY = f"A device can have at most {MAX_MEDIA} pictures and films"
NO_SUCH_MEDIA = "Media not found"
ONLY_PICTURES = "Only a picture can be the primary media"


def add_media(
    device: Device, *, uploads: Iterable[CheckedUpload], by: Actor, primary_index: int | None = None
) -> list[DeviceMedia]:
    """Add pictures and films: all, or none. The primary one is `uploads[primary_index]`.

    Where none is named and there was none before, the first picture becomes it. Raises DomainError for a RETIRED
    device, for too many media, and for a film as the primary one.
    """
    must_manage_devices(device, by)
    if device.is_retired:
        raise DomainError(RETIRED_IS_FINAL)
    # Checking and writing 20 files takes longer than a lock should.
    folder = f"{FOLDER}/{timezone.now():%Y/%m}"
    with stored_files(uploads, storage=default_storage, folder=folder) as files, transaction.atomic():
        device = lock_for_change(device)
        return _add_rows(device, files, primary_index)


@transaction.atomic
def remove_media(device: Device, *, url: str, by: Actor) -> None:
    """Take a picture or film away; if it was the primary one, the next picture becomes it.

    Raises NotFound, and DomainError for a RETIRED device.
    """
    must_manage_devices(device, by)
    device = lock_for_change(device)
    media = _find(device, url)
    name = str(media.file)
    media.delete()
    if media.is_primary:
        _make_primary(device.media.pictures().first())
    _touch(device)
    transaction.on_commit(lambda: default_storage.delete(name))


@transaction.atomic
def set_primary_media(device: Device, *, url: str, by: Actor) -> None:
    """Make a picture the one that stands for the device. Raises as `remove_media`, and DomainError for a film."""
    must_manage_devices(device, by)
    device = lock_for_change(device)
    _change_primary(device, _find(device, url))
    _touch(device)


def _add_rows(device: Device, files: list[StoredFile], primary_index: int | None) -> list[DeviceMedia]:
    if device.media.count() + len(files) > MAX_MEDIA:
        raise DomainError(TOO_MANY)
    added = DeviceMedia.objects.bulk_create(
        DeviceMedia(device=device, file=file.name, content_type=file.kind.value) for file in files
    )
    if primary_index is not None:
        _change_primary(device, added[primary_index])
    elif not device.media.filter(is_primary=True).exists():
        _make_primary(device.media.pictures().first())
    _touch(device)
    return added


def _find(device: Device, url: str) -> DeviceMedia:
    # Clients may put our host before the path that we answered.
    media = next((media for media in device.media.all() if url.endswith(media.url)), None)
    if media is None:
        raise NotFound(NO_SUCH_MEDIA)
    return media


def _change_primary(device: Device, media: DeviceMedia) -> None:
    if not media.is_image:
        raise DomainError(ONLY_PICTURES)
    device.media.update(is_primary=False)
    _make_primary(media)


def _make_primary(media: DeviceMedia | None) -> None:
    if media is not None:
        media.is_primary = True
        media.save(update_fields=["is_primary"])


def _touch(device: Device) -> None:
    # Clients that ask for what changed since then see new pictures too.
    device.save(update_fields=["updated_at"])
