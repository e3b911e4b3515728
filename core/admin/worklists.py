"""The filter of a list by what its rows need of the staff."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.worklists import Worklist


def worklist_filter(*worklists: Worklist) -> type[admin.SimpleListFilter]:
    """A filter for `list_filter`; the home page leads to the list as `?worklist=<name>`."""
    rows = {worklist.name: worklist.rows for worklist in worklists}

    class WorklistFilter(admin.SimpleListFilter):
        title = "worklist"
        parameter_name = "worklist"

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return [(worklist.name, worklist.label) for worklist in worklists]

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            asked = self.value()
            return queryset.filter(rows[asked]()) if asked in rows else queryset

    return WorklistFilter
