"""Handing out the documents of leases."""

import logging

from django.http import FileResponse

from core.database import find_by_id
from core.downloads import private_download
from core.errors import NotFound
from leases.models import Lease, LeaseAttachment

logger = logging.getLogger(__name__)

NO_SUCH_ATTACHMENT = "Attachment not found"


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
    return private_download(content, filename=attachment.download_name, content_type=attachment.content_type)
