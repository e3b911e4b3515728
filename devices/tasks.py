"""What timers do for devices."""

from celery import shared_task
from django.core.files.storage import default_storage

from core.orphans import delete_orphans
from devices.media import FOLDER
from devices.models import DeviceMedia


@shared_task
def sweep_orphan_media() -> int:
    """Delete pictures and films that belong to no device (any more); how many."""
    return delete_orphans(default_storage, folder=FOLDER, rows=DeviceMedia.objects.all())
