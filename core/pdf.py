"""What makes a PDF acceptable: it is whole, and does nothing but show pages."""

import re
import zlib
from collections.abc import Iterator

from django.core.files import File

from core.errors import DomainError

_TAIL = 2048  # bytes in which the end mark must stand
_MAX_UNPACKED = 32 * 2**20  # bytes of object streams that are looked into
_HIDDEN_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt|SubmitForm|ImportData)(?!\w)")


def check_pdf(file: File) -> None:
    """Rewinds the file. Raises DomainError where it is cut off, encrypted, or carries scripts, programs or files."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    if b"%%EOF" not in content[-_TAIL:] or b"startxref" not in content:
        raise _damaged()
    if any(_ACTIVE.search(_plain_names(part)) for part in (content, *_object_streams(content))):
        raise DomainError("PDF with scripts, attached files or encryption is not accepted")


def _damaged() -> DomainError:
    return DomainError("PDF is damaged")


def _plain_names(content: bytes) -> bytes:
    # "/J#61vaScript" is a way to write "/JavaScript".
    return _HIDDEN_LETTER.sub(lambda hidden: bytes([int(hidden[1], 16)]), content)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """The unpacked streams in which newer PDFs keep their objects out of sight."""
    left = _MAX_UNPACKED
    for packed in _packed_objects(content):
        try:
            unpacked = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            raise _damaged() from None
        left -= len(unpacked)
        if left <= 0:
            raise DomainError("PDF is too complex")
        yield unpacked


def _packed_objects(content: bytes) -> Iterator[bytes]:
    # Each byte is walked over a fixed number of times: a pattern across dictionary and stream could be made to crawl.
    position = 0
    while start := _STREAM.search(content, position):
        end = content.find(b"endstream", start.end())
        end = len(content) if end < 0 else end
        dictionary = _plain_names(
            content[max(content.rfind(b"obj", position, start.start()), position) : start.start()]
        )
        if b"/ObjStm" in dictionary and b"/Filter" in dictionary:
            yield content[start.end() : end]
        position = end
