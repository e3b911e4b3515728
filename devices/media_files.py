"""Serve photos and videos of devices to everyone. The content behind a name never changes."""

import re
from collections.abc import Iterator

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.uploads import FileKind

MEDIA_PATH = r"^media/(?P<name>devices/[0-9]{4}/[0-9]{2}/[0-9a-f]{32}\.(?P<extension>jpg|png|mp4|mov))$"
_CONTENT_TYPES = {kind.extension: kind.value for kind in FileKind}
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox",
    "Accept-Ranges": "bytes",
}
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
_CHUNK = 64 * 1024  # bytes


@require_safe
def media_file(request: HttpRequest, name: str, extension: str) -> HttpResponseBase:
    """Return a stored file, or the part that `Range` requests: players load videos in parts. Raises Http404."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise Http404("No such file") from None
    requested = _RANGE.fullmatch(request.headers.get("Range", ""))
    response = _part(file, requested) if requested and requested[0] != "bytes=-" else FileResponse(file)
    for header, value in (_HEADERS | {"Content-Type": _CONTENT_TYPES[extension]}).items():
        response[header] = value
    return response


def _part(file: File, requested: re.Match[str]) -> HttpResponseBase:
    size = file.size
    first, last = requested[1], requested[2]
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(end - start + 1)}
    return StreamingHttpResponse(_chunks(file, start, end - start + 1), status=206, headers=headers)


def _chunks(file: File, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length and (chunk := file.read(min(length, _CHUNK))):
            length -= len(chunk)
            yield chunk
