"""Show an export's progress and let its requester download the file."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.utils.text import capfirst

from accounts.requests import staff_user
from core.admin.badges import badge, humanize_status
from core.admin.base import ReadOnlyAdmin
from core.admin.links import changelist_url, link
from core.admin.views import guarded_view
from core.downloads import private_download
from exports.admin.exportable import file_name
from exports.choices import Format, State
from exports.lists import list_request, model_admin_for
from exports.models import Export
from exports.policies import may_export
from exports.queries import ExportQuerySet
from exports.writing import CONTENT_TYPES

logger = logging.getLogger(__name__)


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    change_form_template = "admin/exports/export/change_form.html"
    list_display = ["what", "asked_by", "state_badge", "rows", "created_at", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["asked_by"]
    fields = ["list_name"]

    class Media:
        css = {"all": ["exports/exports.css"]}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_export(request.user)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_export(request.user)  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        rows: ExportQuerySet[Export] = super().get_queryset(request)  # type: ignore[assignment]
        return rows.visible_to(staff_user(request))

    def get_urls(self) -> list[URLPattern]:
        def page(view: Any, name: str) -> URLPattern:
            route, permission = f"<uuid:key>/{name}", self.has_view_permission
            return guarded_view(self, route, view, name=f"exports_export_{name}", permission=permission)

        return [page(self.progress, "progress"), page(self.file, "file"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        export = self.get_object(request, object_id)
        context = _page_context(export) if export else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def progress(self, request: HttpRequest, key: UUID) -> JsonResponse:
        """Return the progress as JSON for the polling page."""
        export = self._find(request, key)
        return JsonResponse(
            {
                "state": export.state,
                "isOver": export.is_over,
                "done": export.rows_done,
                "total": export.rows_total,
                "words": progress_text(export),
            },
            headers={"Cache-Control": "private, no-store"},
        )

    def file(self, request: HttpRequest, key: UUID) -> FileResponse:
        """Download the file, if the user may still view the list."""
        export = self._find(request, key)
        if not export.can_be_downloaded:
            raise Http404("There is no file, or it has expired")
        if not model_admin_for(export.list_name).has_view_permission(list_request(staff_user(request), "")):
            raise PermissionDenied
        try:
            content = export.file.open()
        except FileNotFoundError:
            logger.exception("Export %s has lost its file", export.pk)
            raise Http404("The file is gone") from None
        file_format = Format(export.format)
        logger.info("Export %s downloaded by %s", export.pk, request.user.pk)
        name = file_name(export.what, file_format)
        return private_download(content, filename=name, content_type=CONTENT_TYPES[file_format])

    def _find(self, request: HttpRequest, key: UUID) -> Export:
        """Return the user's export with this id. Raises Http404."""
        export = self.get_queryset(request).filter(pk=key).first()
        if export is None:
            raise Http404("No such export")
        return export

    @admin.display(description="list")
    def what(self, export: Export) -> str:
        return capfirst(str(export))

    @admin.display(description="state", ordering="state")
    def state_badge(self, export: Export) -> str:
        return badge(export.state)

    @admin.display(description="rows")
    def rows(self, export: Export) -> str:
        return progress_text(export)


def progress_text(export: Export) -> str:
    """Return the progress as a phrase."""
    match export.state:
        case State.PENDING:
            return "Waits for a worker"
        case State.RUNNING if export.rows_total is None:
            return "Counting the rows"
        case State.RUNNING:
            return f"{export.rows_done:,} of {export.rows_total:,} rows"
        case _:
            return f"{export.rows_done:,} {'row' if export.rows_done == 1 else 'rows'}"


def _page_context(export: Export) -> dict[str, Any]:
    list_url = f"{changelist_url(export.list_name)}?{export.filters}"
    return {
        "title": f"Export of {export.what}",
        "subtitle": None,
        "badge": badge(export.state),
        "words": progress_text(export),
        "list_link": link(capfirst(export.what), list_url),
        "filters": _filter_labels(export),
    }


def _filter_labels(export: Export) -> list[tuple[str, str]]:
    parameters = list_request(export.asked_by, export.filters).GET
    return [(_parameter_label(name), value) for name, values in parameters.lists() for value in values]


def _parameter_label(parameter: str) -> str:
    if parameter in {"q", "o"}:
        return {"q": "Search", "o": "Order of columns"}[parameter]
    return humanize_status(parameter.removesuffix("__exact").replace("__", " ")).strip()
