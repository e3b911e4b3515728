"""Validate the documents of a lease and store them privately."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files import File
from django.core.files.storage import storages
from django.utils import timezone

from core.errors import DomainError
from core.uploads import CheckedUpload, FileKind, checked_upload, stored_files
from leases.choices import AttachmentType
from leases.models import LeaseAttachment

FOLDER = "leases"
KINDS = (FileKind.PDF, FileKind.JPG, FileKind.PNG)
MAX_BYTES = 10 * 2**20
MAX_DOCUMENTS = 10
TOO_MANY = f"At most {MAX_DOCUMENTS} files can be attached to a lease"
WHICH = "document"
"""Key in the `details` of an error: the index of the refused document among those sent, from 0."""
_MAX_NAME = 255


@dataclass(frozen=True)
class Document:
    """Represent an uploaded file and its declared type."""

    file: File
    type: str = AttachmentType.OTHER


@contextmanager
def stored_attachments(documents: Sequence[Document]) -> Iterator[list[LeaseAttachment]]:
    """Check and store files, and yield unsaved attachments, to which the block adds the lease.

    If the block fails, the files are deleted. Open the transaction inside: a scan takes longer than a lock should be
    held. Raises DomainError for too many or damaged files, UnsupportedMedia, TooLarge; `details` name the document.
    """
    if len(documents) > MAX_DOCUMENTS:
        raise DomainError(TOO_MANY)
    folder = f"{FOLDER}/{timezone.now():%Y/%m/%d}"
    with stored_files(_checked(documents), storage=storages["private"], folder=folder) as files:
        yield [
            LeaseAttachment(
                type=document.type,
                file=stored.name,
                name=_display_name(document.file.name),
                content_type=stored.kind.value,
                size=stored.size,
            )
            for document, stored in zip(documents, files, strict=True)
        ]


def _checked(documents: Sequence[Document]) -> Iterator[CheckedUpload]:
    for number, document in enumerate(documents):
        try:
            yield checked_upload(document.file, kinds=KINDS, max_bytes=MAX_BYTES)
        except DomainError as error:
            error.details = {WHICH: str(number)}
            raise


def _display_name(name: str | None) -> str:
    """Return the uploaded file name without characters that are invisible or change the text direction."""
    printable = "".join(character for character in name or "" if character.isprintable())
    return printable.strip()[-_MAX_NAME:] or "document"
