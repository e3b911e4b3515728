"""Handing out documents: to be saved, never to be shown or run by the browser, never to be kept on the way."""

import logging

from django.http import FileResponse

from core.database import find_by_id
from core.errors import NotFound
from leases.models import Lease, LeaseAttachment

logger = logging.getLogger(__name__)

NO_SUCH_ATTACHMENT = "Attachment not found"
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def find_attachment(lease: Lease, attachment_id: object) -> LeaseAttachment:
    """The document with this id, if it belongs to the lease. Raises NotFound."""
    return find_by_id(lease.attachments.all(), attachment_id, NO_SUCH_ATTACHMENT)


def download(attachment: LeaseAttachment) -> FileResponse:
    """The document as an answer; the caller has checked who asks. Raises NotFound where the file is missing."""
    try:
        content = attachment.file.open()
    except FileNotFoundError:
        logger.exception("Attachment %s has lost its file", attachment.pk)
        raise NotFound(NO_SUCH_ATTACHMENT) from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=attachment.download_name,
        content_type=attachment.content_type,
        headers=_HEADERS,
    )
