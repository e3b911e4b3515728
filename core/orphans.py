"""Files that no row names, as a process killed between writing a file and its row leaves them behind."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import Storage
from django.db.models import QuerySet
from django.utils import timezone

# A file is written before the row that names it: only what is older can have been left behind.
GRACE = timedelta(days=1)


def delete_orphans(storage: Storage, *, folder: str, rows: QuerySet) -> int:
    """Delete the files below `folder` that no row's column `file` names; how many."""
    swept = 0
    for names in _folders(storage, folder):
        for name in _orphans(storage, names, rows):
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


def _orphans(storage: Storage, names: list[str], rows: QuerySet) -> list[str]:
    old = [name for name in names if storage.get_modified_time(name) < timezone.now() - GRACE]
    named = set(rows.filter(file__in=old).values_list("file", flat=True))
    return [name for name in old if name not in named]
