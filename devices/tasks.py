"""Define the periodic tasks of devices."""

from celery import shared_task
from django.core.files.storage import default_storage

from core.orphans import delete_orphans
from devices.media import FOLDER
from devices.models import DeviceMedia


@shared_task
def sweep_orphan_media() -> int:
    """Delete photos and videos that belong to no device; return how many."""
    return delete_orphans(default_storage, folder=FOLDER, rows=DeviceMedia.objects.all())
