"""Serve private files as downloads that browsers neither render nor cache."""

from typing import IO

from django.http import FileResponse

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def private_download(content: IO[bytes], *, filename: str, content_type: str) -> FileResponse:
    """Return a file as an attachment; the caller has checked the permission."""
    return FileResponse(content, as_attachment=True, filename=filename, content_type=content_type, headers=HEADERS)
