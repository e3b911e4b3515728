"""Downloads of a lease: its documents, their previews, and the agreement as a PDF."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from core.admin.base import BaseAdmin
from core.admin.views import guarded_view
from core.errors import NotFound
from leases.downloads import download, find_attachment, preview, printable
from leases.models import Lease


class DocumentsAdmin(BaseAdmin):
    """Add downloads for staff who may see the lease."""

    def get_urls(self) -> list[URLPattern]:
        document = "<uuid:lease_id>/documents/<uuid:attachment_id>"
        return [
            self._download(document, self.document, "leases_lease_document"),
            self._download(f"{document}/preview", self.document_preview, "leases_lease_document_preview"),
            self._download("<uuid:lease_id>/agreement.pdf", self.agreement, "leases_lease_agreement"),
            *super().get_urls(),
        ]

    def document(self, request: HttpRequest, lease_id: UUID, attachment_id: UUID) -> HttpResponseBase:
        """Return a document of a lease as an attachment."""
        return download(find_attachment(self._find_lease(request, lease_id), attachment_id))

    def document_preview(self, request: HttpRequest, lease_id: UUID, attachment_id: UUID) -> HttpResponseBase:
        """Return the thumbnail of an image among the documents."""
        return preview(find_attachment(self._find_lease(request, lease_id), attachment_id))

    def agreement(self, request: HttpRequest, lease_id: UUID) -> HttpResponseBase:
        """Return the agreement as a PDF."""
        return printable(self._find_lease(request, lease_id))

    def _download(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        def checked(request: HttpRequest, **ids: Any) -> HttpResponseBase:
            try:
                return view(request, **ids)
            except NotFound as error:
                raise Http404(str(error)) from None

        return guarded_view(self, route, require_safe(checked), name=name, permission=self.has_view_permission)

    def _find_lease(self, request: HttpRequest, lease_id: UUID) -> Lease:
        lease = self.get_object(request, str(lease_id))
        if lease is None:
            raise Http404
        return lease
