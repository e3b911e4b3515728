"""The filter of a list by worklist."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.worklists import Worklist


def worklist_filter(*worklists: Worklist) -> type[admin.SimpleListFilter]:
    """Return a filter for `list_filter`; the home page links to the list as `?worklist=<name>`."""
    rows = {worklist.name: worklist.rows for worklist in worklists}

    class WorklistFilter(admin.SimpleListFilter):
        title = "worklist"
        parameter_name = "worklist"

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return [(worklist.name, worklist.label) for worklist in worklists]

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            name = self.value()
            return queryset.filter(rows[name]()) if name in rows else queryset

    return WorklistFilter
