"""Delete stored files without a row, as left by a process killed between writing the file and its row."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files.storage import Storage
from django.db.models import QuerySet
from django.utils import timezone

# A file is written before its row: a younger file may still get one.
GRACE = timedelta(days=1)


def delete_orphans(storage: Storage, *, folder: str, rows: QuerySet) -> int:
    """Delete files below `folder` that no row's column `file` references. Return their number."""
    swept = 0
    for names in _folders(storage, folder):
        for name in _orphans(storage, names, rows):
            storage.delete(name)
            swept += 1
    return swept


def _folders(storage: Storage, folder: str) -> Iterator[list[str]]:
    """Yield the file names of each folder, from `folder` downwards."""
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
