"""Multipart bodies: measured while they are read, and refused before they fill memory or disk."""

from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, MultiPartParser
from rest_framework.request import Request

from core.errors import TooLarge

_MARGIN = 2**20  # bytes for boundaries, headers and plain fields


class UploadParser(MultiPartParser):
    """`multipart/form-data` with at most `max_files` files of `max_file_bytes` each; subclasses say how many."""

    max_files: int
    max_file_bytes: int

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> DataAndFiles:
        request = parser_context["request"]
        self._refuse_too_long(request)
        request.upload_handlers.insert(0, _Meter(self.max_file_bytes))
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except TooManyFilesSent:
            raise self._too_many() from None
        if sum(len(files) for _, files in parsed.files.lists()) > self.max_files:
            raise self._too_many()
        return parsed

    def _refuse_too_long(self, request: Request) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > self.max_files * self.max_file_bytes + _MARGIN:
            raise TooLarge("Request body is too large")

    def _too_many(self) -> ParseError:
        return ParseError(f"At most {self.max_files} files can be sent at once")


class _Meter(FileUploadHandler):
    """Counts the bytes of each file as they come in, and passes them on to the handlers that keep them."""

    def __init__(self, max_bytes: int):
        super().__init__()
        self.max_bytes = max_bytes

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.max_bytes:
            raise TooLarge(f"Each file must be at most {self.max_bytes // 2**20} MB")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler makes the file."""

    def upload_interrupted(self) -> None:
        # Django would leave out the file that was cut off and go on with the others.
        raise MultiPartParserError("the body ends within a file")
