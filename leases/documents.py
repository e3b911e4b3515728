"""The documents of a lease: what is accepted, and how they are kept out of public reach."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files import File
from django.core.files.storage import storages
from django.utils import timezone

from core.errors import DomainError
from core.uploads import CheckedUpload, FileKind, checked_upload, stored_files
from leases.models import LeaseAttachment

FOLDER = "leases"
KINDS = (FileKind.PDF, FileKind.JPG, FileKind.PNG)
MAX_BYTES = 10 * 2**20
MAX_DOCUMENTS = 10
TOO_MANY = f"At most {MAX_DOCUMENTS} files can be attached to a lease"
WHICH = "document"
"""In the `details` of a refusal: the number of the refused document among those sent, counted from 0."""
_MAX_NAME = 255


@dataclass(frozen=True)
class Document:
    """A file as it was sent, and what it is said to be."""

    file: File
    type: str = LeaseAttachment.Type.OTHER


@contextmanager
def stored_attachments(documents: Sequence[Document]) -> Iterator[list[LeaseAttachment]]:
    """Check files and write them down; the attachments without a lease are for the block to save.

    If the block fails the files are taken away again. Open the transaction inside: a scan takes longer than a lock
    should. Raises DomainError for too many or damaged files, UnsupportedMedia, TooLarge; `details` tell which of the
    documents it is about.
    """
    if len(documents) > MAX_DOCUMENTS:
        raise DomainError(TOO_MANY)
    folder = f"{FOLDER}/{timezone.now():%Y/%m/%d}"
    with stored_files(_checked(documents), storage=storages["private"], folder=folder) as files:
        yield [
            LeaseAttachment(
                type=document.type,
                file=stored.name,
                name=_shown_name(document.file.name),
                content_type=stored.kind.value,
                size=stored.size,
            )
            for document, stored in zip(documents, files, strict=True)
        ]


def _checked(documents: Sequence[Document]) -> Iterator[CheckedUpload]:
    for number, document in enumerate(documents):
        try:
            yield checked_upload(document.file, kinds=KINDS, max_bytes=MAX_BYTES)
        except DomainError as refusal:
            refusal.details = {WHICH: str(number)}
            raise


def _shown_name(name: str | None) -> str:
    """The sender's name for a file, without what would not show or would reorder what shows."""
    printable = "".join(character for character in name or "" if character.isprintable())
    return printable.strip()[-_MAX_NAME:] or "document"
