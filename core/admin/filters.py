"""List filters: by a few conditions, by statuses, and by the row that a foreign key points to, found by its name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from core.admin.badges import humanize_status, status_color
from core.worklists import Worklist

Choices = Iterator[Any]
"""What the template of a filter renders; each filter here has its own template."""


def condition_filter(
    label: str, parameter: str, conditions: Mapping[str, tuple[str, Callable[[], Any]]]
) -> type[admin.SimpleListFilter]:
    """Return a filter for `list_filter` with a choice for each condition.

    `conditions` are keyed by their value in the query string; each has a label, and a function that returns a Q or
    expression, called per request.
    """

    class ConditionFilter(admin.SimpleListFilter):
        title, parameter_name = label, parameter

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return [(value, text) for value, (text, _) in conditions.items()]

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            value = self.value()
            return queryset.filter(conditions[value][1]()) if value and value in conditions else queryset

    return ConditionFilter


def worklist_filter(*worklists: Worklist) -> type[admin.SimpleListFilter]:
    """Return a filter by worklist; the home page links to the list as `?worklist=<name>`."""
    return condition_filter("worklist", "worklist", {each.name: (each.label, each.rows) for each in worklists})


class StatusFilter(admin.FieldListFilter):
    """Filter by one status or, as `status__in=ACCEPTED,ACTIVE`, several: `("status", StatusFilter)`."""

    template = "admin/filters/statuses.html"

    def __init__(self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str):
        self.one, self.several = f"{field_path}__exact", f"{field_path}__in"
        super().__init__(field, request, params, model, model_admin, field_path)
        used: dict[str, Any] = self.used_parameters
        several = [status for statuses in used.get(self.several, []) for status in statuses]
        self.selected = {*used.get(self.one, []), *several}

    def statuses(self) -> Sequence[str]:
        """Return the statuses to choose from."""
        return [status for status, _ in self.field.flatchoices]

    def expected_parameters(self) -> list[str | None]:
        return [self.one, self.several]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.several: self.selected}) if self.selected else queryset

    def choices(self, changelist: ChangeList) -> Choices:
        all_rows = query_without(changelist, self.expected_parameters())
        yield {"selected": not self.selected, "query_string": all_rows, "display": "All", "tone": ""}
        for status in self.statuses():
            yield {
                "selected": status in self.selected,
                "query_string": changelist.get_query_string({self.one: status, self.several: None}),
                "display": humanize_status(status),
                "tone": status_color(status),
            }


class RelatedFilter(admin.FieldListFilter):
    """Filter by the row that a foreign key points to, found by a few letters instead of a list of all rows.

    Query strings say `device=<id>`, or `device__like=trac` for all rows that match.
    """

    template = "admin/filters/related.html"
    find: Callable[[str], QuerySet]
    """Returns the rows that match the letters."""
    hint = "Part of the name"

    def __init__(self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str):
        self.search_name, self.path = f"{field_path}__like", field_path
        super().__init__(field, request, params, model, model_admin, field_path)
        used: dict[str, Any] = self.used_parameters
        keys = {name: str(values[-1]).strip() for name, values in used.items()}
        self.search_text = keys.pop(self.search_name, "").replace("\0", "")
        self.has_key = bool(keys)
        self.row = next((self._find_row(key) for key in keys.values()), None)

    def expected_parameters(self) -> list[str | None]:
        return [self.search_name, self.path, f"{self.path}__exact", f"{self.path}__id__exact"]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.has_key:
            queryset = queryset.filter(**{self.path: self.row}) if self.row else queryset.none()
        if not self.search_text:
            return queryset
        return queryset.filter(**{f"{self.path}__in": type(self).find(self.search_text).order_by().values("pk")})

    def choices(self, changelist: ChangeList) -> Choices:
        """Yield the link to all rows; sets the other parameters, which the form of the filter keeps."""
        self.other_parameters = other_parameters(changelist, self.expected_parameters())
        yield {"query_string": query_without(changelist, self.expected_parameters())}

    def _find_row(self, key: str) -> Model | None:
        model: type[Model] = self.field.related_model  # type: ignore[assignment]
        try:
            return model._default_manager.filter(pk=key).first()
        except (ValueError, ValidationError):
            return None


def other_parameters(changelist: ChangeList, own: Sequence[str | None]) -> list[tuple[str, str]]:
    """Return the parameters of the list that are not a filter's `own`, for its form to keep."""
    parameters = changelist.filter_params.items()
    return [(name, value) for name, values in parameters if name not in own for value in values]


def query_without(changelist: ChangeList, own: Sequence[str | None]) -> str:
    """Return the query string of the list without a filter's `own` parameters."""
    # Django's `remove` removes by prefix: `device` and `device__device_type`.
    return changelist.get_query_string({name: None for name in own if name})
