"""What is handed out of a lease: its documents, small pictures of them, and the agreement to be printed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from core.errors import NotFound
from leases.downloads import download, find_attachment, preview, printable
from leases.models import Lease


class HandsOutDocuments(admin.ModelAdmin):
    """To staff who may see the lease."""

    def get_urls(self) -> list[URLPattern]:
        document = "<uuid:lease_id>/documents/<uuid:attachment_id>"
        return [
            self._handing_out(document, self.document, "leases_lease_document"),
            self._handing_out(f"{document}/preview", self.document_preview, "leases_lease_document_preview"),
            self._handing_out("<uuid:lease_id>/agreement.pdf", self.agreement, "leases_lease_agreement"),
            *super().get_urls(),
        ]

    def document(self, request: HttpRequest, lease_id: UUID, attachment_id: UUID) -> HttpResponseBase:
        """A document of a lease, to be saved."""
        return download(find_attachment(self._visible(request, lease_id), attachment_id))

    def document_preview(self, request: HttpRequest, lease_id: UUID, attachment_id: UUID) -> HttpResponseBase:
        """A picture among the documents, small, to be shown on the page of the lease."""
        return preview(find_attachment(self._visible(request, lease_id), attachment_id))

    def agreement(self, request: HttpRequest, lease_id: UUID) -> HttpResponseBase:
        """The agreement as a PDF."""
        return printable(self._visible(request, lease_id))

    def _handing_out(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        def checked(request: HttpRequest, **ids: Any) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied
            try:
                return view(request, **ids)
            except NotFound as missing:
                raise Http404(str(missing)) from None

        return path(route, self.admin_site.admin_view(require_safe(checked)), name=name)

    def _visible(self, request: HttpRequest, lease_id: UUID) -> Lease:
        lease = self.get_object(request, str(lease_id))
        if lease is None:
            raise Http404
        return lease
