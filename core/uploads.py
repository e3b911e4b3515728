"""Check uploaded files by content, never by name or declared type, and remove hidden data."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import filetype
from django.core.files import File
from django.core.files.storage import Storage
from django.db import InterfaceError, OperationalError
from filetype.types import archive, image, video

from core.errors import DomainError, TooLarge, UnsupportedMedia
from core.images import sanitized_image
from core.pdf import check_pdf

_HEAD = 4096  # bytes; contains every signature below
_MATCHERS = (image.Jpeg(), image.Png(), video.Mp4(), video.Mov(), archive.Pdf())


class FileKind(StrEnum):
    """Enumerate the accepted kinds of files; the value is the content type."""

    JPG = "image/jpeg"
    PNG = "image/png"
    MP4 = "video/mp4"
    MOV = "video/quicktime"
    PDF = "application/pdf"

    @property
    def extension(self) -> str:
        return self.name.lower()

    @property
    def is_image(self) -> bool:
        return self in {FileKind.JPG, FileKind.PNG}


@dataclass(frozen=True)
class CheckedUpload:
    """Hold an accepted file: `content` is rewound and, for an image, re-encoded without metadata."""

    kind: FileKind
    content: File

    @property
    def content_type(self) -> str:
        return self.kind.value

    @property
    def extension(self) -> str:
        return self.kind.extension


@dataclass(frozen=True)
class StoredFile:
    """Describe a stored upload: `name` in the storage, `size` in bytes."""

    name: str
    kind: FileKind
    size: int


def checked_upload(file: File, *, kinds: Collection[FileKind], max_bytes: int) -> CheckedUpload:
    """Check that the content is complete, of one of `kinds`, and at most `max_bytes` long.

    Raises TooLarge (also for a picture of too many pixels), UnsupportedMedia for other kinds, DomainError for an empty
    or damaged file and for a PDF that does more than show pages.
    """
    if file.size > max_bytes:
        raise TooLarge(f"Each file must be at most {max_bytes // 2**20} MB")
    if file.size == 0:
        raise DomainError("File is empty")
    kind = _kind_of(file)
    if kind is None or kind not in kinds:
        raise UnsupportedMedia(f"Only {', '.join(known.name for known in kinds)} files are accepted")
    return CheckedUpload(kind, _sanitized_content(file, kind))


@contextmanager
def stored_files(uploads: Iterable[CheckedUpload], *, storage: Storage, folder: str) -> Iterator[list[StoredFile]]:
    """Write files under random names for rows written in the block; delete them if the block fails.

    Open the transaction inside. A generator of `uploads` is checked and written file by file, so memory holds one.
    """
    files: list[StoredFile] = []
    try:
        for upload in uploads:
            name = storage.save(f"{folder}/{uuid.uuid4().hex}.{upload.extension}", upload.content)
            files.append(StoredFile(name, upload.kind, upload.content.size))
        yield files
    except (OperationalError, InterfaceError):
        # The connection may have been lost after the commit: then rows reference these files. A timer sweeps orphans.
        raise
    except BaseException:
        for file in files:
            storage.delete(file.name)
        raise


def _kind_of(file: File) -> FileKind | None:
    file.seek(0)
    found = filetype.match(file.read(_HEAD), matchers=_MATCHERS)
    file.seek(0)
    return None if found is None else FileKind(found.mime)


def _sanitized_content(file: File, kind: FileKind) -> File:
    if kind.is_image:
        return sanitized_image(file, kind.name)
    if kind is FileKind.PDF:
        check_pdf(file)
    return file
