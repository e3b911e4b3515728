"""Define the periodic tasks of leases."""

from celery import shared_task
from django.core.files.storage import storages

from core.orphans import delete_orphans
from leases.documents import FOLDER
from leases.models import LeaseAttachment


@shared_task
def sweep_orphan_attachments() -> int:
    """Delete documents that no attachment refers to; return how many."""
    return delete_orphans(storages["private"], folder=FOLDER, rows=LeaseAttachment.objects.all())
