"""What timers do for leases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from celery import shared_task
from django.core.files.storage import Storage, storages
from django.utils import timezone

from leases.documents import FOLDER
from leases.models import LeaseAttachment

# A file is written before the row that names it: only what is older can have been left behind.
GRACE = timedelta(days=1)


@shared_task
def sweep_orphan_attachments() -> int:
    """Delete files that no attachment names, as a process killed while creating a lease leaves them; how many."""
    storage = storages["private"]
    swept = 0
    for names in _folders(storage, FOLDER):
        for name in _orphans(storage, names):
            storage.delete(name)
            swept += 1
    return swept


def _folders(storage: Storage, folder: str) -> Iterator[list[str]]:
    """The names of the files of each folder, from `folder` downwards."""
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield [str(PurePosixPath(folder) / file) for file in files]
    for inner in folders:
        yield from _folders(storage, str(PurePosixPath(folder) / inner))


def _orphans(storage: Storage, names: list[str]) -> list[str]:
    old = [name for name in names if storage.get_modified_time(name) < timezone.now() - GRACE]
    named = set(LeaseAttachment.objects.filter(file__in=old).values_list("file", flat=True))
    return [name for name in old if name not in named]
