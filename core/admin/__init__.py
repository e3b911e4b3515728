"""What the back-office pages of every app have in common."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from core.admin.lists import NamedList

_ID_START = re.compile(r"#?([0-9a-f]{8})(?:-[0-9a-f-]*)?", re.ASCII | re.IGNORECASE)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Pages to find and read; what changes such rows are actions that call the services."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Asked without a row for the actions. To save a page would write back, column by column, what it once read.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        if not self.fieldsets:
            return [field.name for field in self.model._meta.fields]
        return [name for _, options in self.get_fieldsets(request, obj) for name in options["fields"]]

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return NamedList


def link_to(path: str, label: str = "") -> Callable[[Any, Model], str]:
    """A column that leads to the page of a related row; a dash where there is none."""

    @admin.display(description=label or path.replace("_", " "))
    def column(self: Any, row: Model) -> str:
        target = getattr(row, path, None)
        if target is None:
            return "-"
        meta = target._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[target.pk])
        return format_html('<a href="{}">{}</a>', url, target)

    return column


def links_to(app: str, model: str, field: str, label: str) -> Callable[[Any, Model], str]:
    """A column that leads to the list of the `app.model` rows whose `field` is this row's id."""

    @admin.display(description=label)
    def column(self: Any, row: Model) -> str:
        url = reverse(f"admin:{app}_{model}_changelist")
        return format_html('<a href="{}?{}={}">{}</a>', url, field, row.pk, label)

    return column


def is_whole_id(term: str) -> bool:
    """Whether the term can be nothing but an id: all of it, or its first 8 characters after a `#`."""
    term = term.strip()
    return _ID_START.fullmatch(term) is not None and (term.startswith("#") or len(term) > len("abc12345"))


def id_starts_with(term: str, *, field: str = "pk") -> Q:
    """Rows whose UUID in `field` starts with what people call it by: `#abc12345`, `abc12345`, or the whole id."""
    match = _ID_START.fullmatch(term.strip())
    if match is None:
        return Q(pk__in=[])
    start = match[1].lower()
    # A range, unlike a comparison of text, can use the primary key's index.
    return Q(**{f"{field}__gte": UUID(start + "0" * 24), f"{field}__lte": UUID(start + "f" * 24)})
