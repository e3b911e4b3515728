"""Serve the documents of leases. Only generated files are shown inline: thumbnails and the agreement."""

import logging

from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.utils.module_loading import import_string

from core.database import find_by_id
from core.downloads import HEADERS, private_download
from core.errors import NotFound
from core.images import thumbnail
from leases.models import Lease, LeaseAttachment

logger = logging.getLogger(__name__)

NO_SUCH_ATTACHMENT = "Attachment not found"
# The PDF library takes 20 MB per process, and most processes never render one: import it on first use.
AGREEMENT = "leases.agreement.render_agreement"
SIDE = 360
"""Pixels of the longer side of a preview."""


def find_attachment(lease: Lease, attachment_id: object) -> LeaseAttachment:
    """Return the attachment of the lease with this id. Raises NotFound."""
    return find_by_id(lease.attachments.all(), attachment_id, NO_SUCH_ATTACHMENT)


def download(attachment: LeaseAttachment) -> FileResponse:
    """Return the document as a response; the caller has checked the policy. Raises NotFound if the file is missing."""
    content = _open(attachment)
    return private_download(content, filename=attachment.download_name, content_type=attachment.content_type)


def preview(attachment: LeaseAttachment) -> HttpResponse:
    """Return a thumbnail of an image document, to be shown inline; the caller has checked the policy.

    Raises NotFound if the document is no image or cannot be read.
    """
    if not attachment.is_image:
        raise NotFound(NO_SUCH_ATTACHMENT)
    with _open(attachment) as file:
        try:
            small = thumbnail(file, side=SIDE)
        except OSError:  # the file is truncated
            raise NotFound(NO_SUCH_ATTACHMENT) from None
    return HttpResponse(small, content_type="image/jpeg", headers=HEADERS | {"Content-Disposition": "inline"})


def printable(lease: Lease) -> HttpResponse:
    """Return the agreement as an inline PDF; the caller has checked the policy."""
    name = f'inline; filename="lease-{lease.short_id}.pdf"'
    # Chromium does not render PDFs under the `sandbox` directive.
    headers = HEADERS | {"Content-Disposition": name, "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(import_string(AGREEMENT)(lease), content_type="application/pdf", headers=headers)


def _open(attachment: LeaseAttachment) -> File:
    try:
        return attachment.file.open()
    except FileNotFoundError:
        logger.exception("Attachment %s has lost its file", attachment.pk)
        raise NotFound(NO_SUCH_ATTACHMENT) from None
