"""Read the lease form: a part `request` with JSON and the files, or a plain JSON body without files."""

from collections.abc import Sequence
from typing import Any

from django.core.files import File
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from core.contracts.multipart import UploadParser
from core.contracts.parsers import MAX_BODY_BYTES, parse_json, read_limited
from core.errors import Invalid, TooLarge
from leases.choices import AttachmentType
from leases.documents import MAX_BYTES, MAX_DOCUMENTS, TOO_MANY, Document

REQUEST = "request"
FILES = ("attachmentFiles", "attachmentFiles[]")
TYPES = ("attachmentTypes", "attachmentTypes[]")


class LeaseFormParser(UploadParser):
    max_files = MAX_DOCUMENTS + 1  # the part `request` may have a file name
    max_file_bytes = MAX_BYTES

    def too_many(self) -> Exception:
        return Invalid({FILES[0]: TOO_MANY})


def lease_json(request: Request) -> Any:
    """Return the JSON of the lease: the body, or the part `request`. Raises Invalid, ParseError, TooLarge."""
    data = request.data
    if not _is_form(request):
        return data
    parts = [*request.POST.getlist(REQUEST), *request.FILES.getlist(REQUEST)]
    if len(parts) != 1:
        raise Invalid({REQUEST: "Request must be sent once" if parts else "Request is required"})
    lease = parse_json(_raw(parts[0]))
    if not isinstance(lease, dict):
        raise Invalid({REQUEST: "Request must be a JSON object"})
    return lease


def uploaded_documents(request: Request) -> list[Document]:
    """Return the files of the form, each with the type of the same index or else OTHER. Raises Invalid."""
    if not _is_form(request):
        return []
    if any(text for name in FILES for text in request.POST.getlist(name)):
        raise Invalid({FILES[0]: "Attachments must be sent as files"})
    files: list[File] = [file for name in FILES for file in request.FILES.getlist(name)]
    if len(files) > MAX_DOCUMENTS:
        raise Invalid({FILES[0]: TOO_MANY})
    types = [text for name in TYPES for text in request.POST.getlist(name)]
    return [Document(file, _type(types, index)) for index, file in enumerate(files)]


def _is_form(request: Request) -> bool:
    return request.content_type.startswith("multipart/")


def _raw(part: str | File) -> bytes:
    if not isinstance(part, str):
        return read_limited(part)
    # Django replaced bytes that are invalid in the charset of the form.
    if "\ufffd" in part:
        raise ParseError("Malformed JSON request")
    raw = part.encode()
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"Request must not be larger than {MAX_BODY_BYTES // 1024} KB")
    return raw


def _type(types: Sequence[str], index: int) -> str:
    value = (types[index] if index < len(types) else "").strip() or AttachmentType.OTHER
    if value not in AttachmentType.values:
        choices = ", ".join(AttachmentType.values)
        raise Invalid({f"attachmentTypes[{index}]": f"Attachment type must be one of {choices}"})
    return value
