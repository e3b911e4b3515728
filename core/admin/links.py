"""URLs of admin pages, and columns that link to them."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString


def change_url(row: Model) -> str:
    """Return the URL of the page of a row."""
    return change_url_by_id(type(row), row.pk)


def change_url_by_id(model: type[Model] | str, pk: Any) -> str:
    """Return the URL of the page of a row that is not loaded; `model` may be a label such as `orders.Order`."""
    return reverse(f"{_url_prefix(model)}_change", args=[quote(pk)])


def changelist_url(model: type[Model] | str, **filters: Any) -> str:
    """Return the URL of a list, narrowed by `filters`; `model` may be a label such as `orders.Order`."""
    url = reverse(f"{_url_prefix(model)}_changelist")
    return f"{url}?{urlencode(filters)}" if filters else url


def return_url(request: HttpRequest, default: str) -> str:
    """Return the page of this site that the form names as `return_url`, else `default`."""
    url = request.POST.get("return_url", "")
    # What a form brings could lead to another site.
    is_own = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_own else default


def link(text: object, url: str) -> SafeString:
    """Return a link."""
    return format_html('<a href="{}">{}</a>', url, text)


def joined(parts: Iterable[object]) -> SafeString:
    """Return pieces of HTML side by side, separated by spaces."""
    return format_html_join(" ", "{}", ((part,) for part in parts))


def link_to(path: str, label: str = "") -> Callable[[Any, Model], str]:
    """Return a column that links to the page of a related row; a dash if there is none."""

    @admin.display(description=label or path.replace("_", " "))
    def column(self: Any, row: Model) -> str:
        target = getattr(row, path, None)
        return "-" if target is None else link(target, change_url(target))

    return column


def links_to(model: str, field: str, label: str) -> Callable[[Any, Model], str]:
    """Return a column that links to the list of the rows of `model` whose `field` is this row."""

    @admin.display(description=label)
    def column(self: Any, row: Model) -> str:
        return link(label, changelist_url(model, **{field: row.pk}))

    return column


def _url_prefix(model: type[Model] | str) -> str:
    opts = (apps.get_model(model) if isinstance(model, str) else model)._meta
    return f"admin:{opts.app_label}_{opts.model_name}"
