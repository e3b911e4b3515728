"""Handing out the documents of leases. In a page is shown only what was drawn here: small pictures, the agreement."""

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
# What draws PDFs takes 20 MB of each process, most of which never draw one: loaded when first asked for.
AGREEMENT = "leases.agreement.agreement_of"
SIDE = 360
"""Pixels of a preview, the longer way."""


def find_attachment(lease: Lease, attachment_id: object) -> LeaseAttachment:
    """The document with this id, if it belongs to the lease. Raises NotFound."""
    return find_by_id(lease.attachments.all(), attachment_id, NO_SUCH_ATTACHMENT)


def download(attachment: LeaseAttachment) -> FileResponse:
    """The document as an answer; the caller has checked who asks. Raises NotFound where the file is missing."""
    content = _opened(attachment)
    return private_download(content, filename=attachment.download_name, content_type=attachment.content_type)


def preview(attachment: LeaseAttachment) -> HttpResponse:
    """A picture among the documents, drawn anew and small, to be shown in a page; the caller has checked who asks.

    Raises NotFound for what is no picture, or no longer readable as one.
    """
    if not attachment.is_image:
        raise NotFound(NO_SUCH_ATTACHMENT)
    with _opened(attachment) as file:
        try:
            small = thumbnail(file, side=SIDE)
        except OSError:  # the disk has lost a part of it
            raise NotFound(NO_SUCH_ATTACHMENT) from None
    return HttpResponse(small, content_type="image/jpeg", headers=HEADERS | {"Content-Disposition": "inline"})


def printable(lease: Lease) -> HttpResponse:
    """The agreement as a PDF that the browser shows, ready to be printed; the caller has checked who asks."""
    name = f'inline; filename="lease-{lease.short_id}.pdf"'
    # Chromium shows no PDF inside a sandbox.
    headers = HEADERS | {"Content-Disposition": name, "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(import_string(AGREEMENT)(lease), content_type="application/pdf", headers=headers)


def _opened(attachment: LeaseAttachment) -> File:
    try:
        return attachment.file.open()
    except FileNotFoundError:
        logger.exception("Attachment %s has lost its file", attachment.pk)
        raise NotFound(NO_SUCH_ATTACHMENT) from None
