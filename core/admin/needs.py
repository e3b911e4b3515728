"""The filter of a list by what its rows need of the staff."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.needs import Need


def needs_filter(*needs: Need) -> type[admin.SimpleListFilter]:
    """A filter for `list_filter`; the home page leads to the list as `?needs=<name>`."""
    rows = {need.name: need.rows for need in needs}

    class NeedsFilter(admin.SimpleListFilter):
        title = "what needs me"
        parameter_name = "needs"

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return [(need.name, need.label) for need in needs]

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            asked = self.value()
            return queryset.filter(rows[asked]()) if asked in rows else queryset

    return NeedsFilter
