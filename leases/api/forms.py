"""The lease form: a part `request` with JSON and the files beside it, or a plain JSON body without files."""

from collections.abc import Sequence
from typing import Any

from django.core.files import File
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from core.contracts.multipart import UploadParser
from core.contracts.parsers import MAX_BODY_BYTES, parse_json, read_limited
from core.errors import Invalid, TooLarge
from leases.documents import MAX_BYTES, MAX_DOCUMENTS, TOO_MANY, Document
from leases.models import LeaseAttachment

REQUEST = "request"
FILES = ("attachmentFiles", "attachmentFiles[]")
TYPES = ("attachmentTypes", "attachmentTypes[]")


class LeaseFormParser(UploadParser):
    max_files = MAX_DOCUMENTS + 1  # the part `request` may have a file name
    max_file_bytes = MAX_BYTES

    def too_many(self) -> Exception:
        return Invalid({FILES[0]: TOO_MANY})


def lease_asked_for(request: Request) -> Any:
    """The JSON that describes the lease, from whichever of its three places. Raises Invalid, ParseError, TooLarge."""
    sent = request.data
    if not _is_form(request):
        return sent
    parts = [*request.POST.getlist(REQUEST), *request.FILES.getlist(REQUEST)]
    if len(parts) != 1:
        raise Invalid({REQUEST: "Request must be sent once" if parts else "Request is required"})
    described = parse_json(_raw(parts[0]))
    if not isinstance(described, dict):
        raise Invalid({REQUEST: "Request must be a JSON object"})
    return described


def documents_sent(request: Request) -> list[Document]:
    """The files of the form, each with the type of the same index (OTHER where none was sent). Raises Invalid."""
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
    # Django has replaced what was no text in the form's charset.
    if "\ufffd" in part:
        raise ParseError("Malformed JSON request")
    raw = part.encode()
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"Request must not be larger than {MAX_BODY_BYTES // 1024} KB")
    return raw


def _type(types: Sequence[str], index: int) -> str:
    value = (types[index] if index < len(types) else "").strip() or LeaseAttachment.Type.OTHER
    if value not in LeaseAttachment.Type.values:
        choices = ", ".join(LeaseAttachment.Type.values)
        raise Invalid({f"attachmentTypes[{index}]": f"Attachment type must be one of {choices}"})
    return value
