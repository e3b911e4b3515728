"""URL patterns of admin views, with the checks that all of them need."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from core.admin.base import BaseAdmin
from core.admin.links import change_url, return_url
from core.admin.notes import keep_note
from core.errors import DomainError


def guarded_view(
    page: BaseAdmin,
    route: str,
    view: Callable[..., Any],
    *,
    name: str,
    permission: Callable[[HttpRequest], bool],
    cacheable: bool = False,
) -> URLPattern:
    """Return the URL pattern of a view beside the list. Responds 403 if `permission` denies it."""

    def guarded(request: HttpRequest, **ids: Any) -> Any:
        if not permission(request):
            raise PermissionDenied
        return view(request, **ids)

    return path(route, page.admin_site.admin_view(guarded, cacheable), name=name)


def object_post(
    page: BaseAdmin,
    route: str,
    view: Callable[..., HttpResponse | None],
    *,
    name: str,
    permission: Callable[[HttpRequest, Any], bool] | None = None,
) -> URLPattern:
    """Return the URL pattern of a POST for one object: `view(request, row, **other_ids)`; `route` has `object_id`.

    Responds 405 to other methods, 404 if the list of the signed-in user lacks the object, 403 if `permission` (by
    default `page.can_act_on`) denies it. A DomainError of the view is shown as a message, and the typed note is kept.
    Without a response of the view, redirects to the `return_url` of the form, by default the page of the object.
    """
    permission = permission or page.can_act_on

    def post(request: HttpRequest, object_id: Any, **ids: Any) -> HttpResponse:
        row = page.get_object(request, str(object_id))
        if row is None:
            raise Http404
        if not permission(request, row):
            raise PermissionDenied
        url = return_url(request, change_url(row))
        response = None
        try:
            response = view(request, row, **ids)
        except DomainError as error:
            keep_note(request, row)
            page.message_user(request, f"{row}: {error}", messages.ERROR)
        return response or HttpResponseRedirect(url)

    view_name = f"{page.opts.app_label}_{page.opts.model_name}_{name}"
    return path(route, page.admin_site.admin_view(require_POST(post)), name=view_name)


def log_and_show(page: BaseAdmin, request: HttpRequest, row: Model, message: str, *, log: str = "") -> None:
    """Show what was done to the row, and log it (by default the same text) in its history."""
    page.log_change(request, row, log or message)
    page.message_user(request, f"{row}: {message}", messages.SUCCESS)
