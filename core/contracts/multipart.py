"""Parse multipart bodies with limits that are enforced while reading."""

from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, MultiPartParser
from rest_framework.request import Request

from core.errors import TooLarge

MAX_PARTS = 100
_MARGIN = 2**20  # bytes for boundaries, headers and plain fields


class UploadParser(MultiPartParser):
    """Parse `multipart/form-data` with at most `max_files` files of `max_file_bytes` each, set by subclasses.

    Raises TooLarge, and ParseError for more than MAX_PARTS parts or a body without its closing boundary.
    """

    max_files: int
    max_file_bytes: int

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> DataAndFiles:
        request = parser_context["request"]
        self._refuse_too_long(request)
        request.upload_handlers.insert(0, _FileSizeLimit(self.max_file_bytes))
        observed: Any = _BoundaryObserver(stream, media_type or "")
        try:
            parsed = super().parse(observed, media_type, parser_context)
        except TooManyFilesSent:
            raise self.too_many() from None
        except Exception:
            # The current file; Django has closed the earlier ones.
            for handler in request.upload_handlers:
                handler.upload_interrupted()
            raise
        if refusal := self._refusal_of(parsed, observed):
            _close(parsed.files)
            raise refusal
        return parsed

    def too_many(self) -> Exception:
        """Return the error for more than `max_files` files."""
        return ParseError(f"At most {self.max_files} files can be sent at once")

    def _refusal_of(self, parsed: DataAndFiles, observed: "_BoundaryObserver") -> Exception | None:
        if sum(len(files) for _, files in parsed.files.lists()) > self.max_files:
            return self.too_many()
        return None if observed.ended else ParseError("Multipart body has no end")

    def _refuse_too_long(self, request: Request) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > self.max_files * self.max_file_bytes + _MARGIN:
            raise TooLarge("Request body is too large")


class _BoundaryObserver:
    """Pass a body through and observe its boundaries, including the closing one.

    Django takes what was cut off for complete, and parts without a name for nothing at all.
    """

    def __init__(self, stream: Any, media_type: str):
        boundary = parse_header_parameters(media_type)[1].get("boundary", "")
        self.boundary = b"--" + boundary.encode("ascii", "replace")
        self.closing = self.boundary + b"--"
        self.stream, self.tail, self.parts, self.ended = stream, b"", 0, False

    def read(self, size: int) -> bytes:
        chunk: bytes = self.stream.read(size)
        seen = self.tail + chunk
        self.parts += seen.count(self.boundary) - self.tail.count(self.boundary)
        self.ended = self.ended or self.closing in seen
        self.tail = seen[1 - len(self.closing) :]
        if self.parts - self.ended > MAX_PARTS:
            raise ParseError(f"At most {MAX_PARTS} parts can be sent at once")
        return chunk


def _close(files: MultiValueDict) -> None:
    for _, each in files.lists():
        for file in each:
            file.close()


class _FileSizeLimit(FileUploadHandler):
    """Count the bytes of each file while reading, and pass them on to the next handler."""

    def __init__(self, max_bytes: int):
        super().__init__()
        self.max_bytes = max_bytes

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.max_bytes:
            raise TooLarge(f"Each file must be at most {self.max_bytes // 2**20} MB")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Return None: another handler creates the file."""
