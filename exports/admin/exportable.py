"""Export a back-office list as a file: exactly its rows, filtered and sorted as shown."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from accounts.requests import staff_user
from core.admin.base import BaseAdmin
from core.admin.links import change_url, changelist_url
from core.admin.views import guarded_view
from core.downloads import private_download
from core.errors import DomainError
from exports.choices import Format
from exports.columns import Column
from exports.lists import filters_of, label_of, list_request, rows_of
from exports.policies import may_export
from exports.services import request_export
from exports.writing import CONTENT_TYPES, iterate_values, write

logger = logging.getLogger(__name__)

MAX_ROWS_IN_REQUEST = 2000  # about half a second


def file_name(list_title: str, file_format: Format) -> str:
    """Return the file name of an exported list: `service-orders-2026-01-31-1530.csv`."""
    words = "-".join(list_title.lower().split())
    return f"{words}-{timezone.localtime():%Y-%m-%d-%H%M}.{file_format}"


class ExportableAdmin(BaseAdmin):
    """Add an export button to a list. Must be the first base class; `export_columns` defines the file."""

    export_columns: Sequence[Column]

    class Media:
        css = {"all": ["exports/exports.css"]}

    @property
    def export_title(self) -> str:
        """Return the plain plural name of the listed rows."""
        return capfirst(str(self.opts.verbose_name_plural))

    def get_export_columns(self, request: HttpRequest) -> Sequence[Column]:
        """Return the columns that the user may export."""
        return self.export_columns

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may export and view the list."""
        return may_export(request.user) and self.has_view_permission(request)  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view, permission = require_POST(self.export), self.has_export_permission
        return [guarded_view(self, "export/", view, name=name, permission=permission), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        formats = Format.choices if self.has_export_permission(request) else []
        return super().changelist_view(request, {"export_formats": formats} | (extra_context or {}))

    def export(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Export the list of the current URL: as a file in the response, or in the background if it is long."""
        filters = filters_of(request.GET)
        try:
            return self._export(request, filters, _format_of(request))
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(f"{changelist_url(self.model)}?{filters}")

    def _export(self, request: HttpRequest, filters: str, file_format: Format) -> HttpResponse | FileResponse:
        list_query = list_request(staff_user(request), filters)
        rows = rows_of(self, list_query)
        if rows.order_by()[: MAX_ROWS_IN_REQUEST + 1].count() <= MAX_ROWS_IN_REQUEST:
            return self._in_request(list_query, rows, file_format)
        by = self.get_actor(request)
        export = request_export(by=by, list_name=label_of(self.model), filters=filters, file_format=file_format)
        return HttpResponseRedirect(change_url(export))

    def _in_request(self, request: HttpRequest, rows: QuerySet, file_format: Format) -> FileResponse:
        """Write the whole file before responding, so that a failure is an error page and never half a file."""
        columns = self.get_export_columns(request)
        with ExitStack() as cleanup:
            file = cleanup.enter_context(TemporaryFile())
            title = self.export_title
            count = write(iterate_values(rows, columns), columns, file=file, file_format=file_format, title=title)
            file.seek(0)
            cleanup.pop_all()  # the response closes it
        logger.info("%s rows of %s exported as %s by %s", count, self.opts.label, file_format, request.user.pk)
        name = file_name(self.export_title, file_format)
        return private_download(file, filename=name, content_type=CONTENT_TYPES[file_format])


def _format_of(request: HttpRequest) -> Format:
    try:
        return Format(request.POST.get("format", ""))
    except ValueError:
        raise DomainError("Choose CSV or Excel") from None
