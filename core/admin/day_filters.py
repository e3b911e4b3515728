"""List filters by days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core.admin.filters import Choices, other_parameters, query_without
from core.days import start_of
from core.errors import DomainError

NO_DAY = "{} is no day: write it as 2024-01-31"


class DayFilter(admin.FieldListFilter):
    """Filter from one day to another, both included: `("start_date", DayFilter)`.

    Query strings say `start_date__gte=2024-01-15&start_date__lte=2024-01-20`; for a moment also `__lt`, and a time.
    """

    template = "admin/filters/days.html"
    usual: ClassVar[dict[str, tuple[int, int]]] = {"Today": (0, 0), "Past 7 days": (-6, 0), "Past 30 days": (-29, 0)}
    """Labels with the first and the last day, counted from today."""

    def __init__(self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str):
        self.since, self.until, self.before = (f"{field_path}__{lookup}" for lookup in ("gte", "lte", "lt"))
        super().__init__(field, request, params, model, model_admin, field_path)
        self.title = str(field.verbose_name).replace("created at", "day created")
        self.is_moment = isinstance(field, DateTimeField)
        used: dict[str, Any] = self.used_parameters
        self.bounds = {name: str(values[-1]) for name, values in used.items()}
        self.error = ""

    def expected_parameters(self) -> list[str | None]:
        return [self.since, self.until, self.before]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        try:
            return queryset.filter(**dict(self._lookups()))
        except DomainError as error:
            self.error = str(error)
            return queryset.none()  # rather than rows that were not asked for, which an export would contain

    def choices(self, changelist: ChangeList) -> Choices:
        """Yield the usual days; sets the other parameters, which the form of the filter keeps."""
        self.other_parameters = other_parameters(changelist, self.expected_parameters())
        selected = self.first_day, self.last_day
        any_day = query_without(changelist, self.expected_parameters())
        yield {"selected": not self.bounds, "query_string": any_day, "display": "Any day"}
        for label, days in self.usual.items():
            first, last = (str(timezone.localdate() + timedelta(days=day)) for day in days)
            query = changelist.get_query_string({self.since: first, self.until: last, self.before: None})
            yield {"selected": (first, last) == selected, "query_string": query, "display": label}

    @property
    def first_day(self) -> str:
        return self.bounds.get(self.since, "")[:10]

    @property
    def last_day(self) -> str:
        if self.until in self.bounds:
            return self.bounds[self.until][:10]
        end = parse_date(self.bounds.get(self.before, "")[:10]) if self.before in self.bounds else None
        return str(end - timedelta(days=1)) if end else ""

    def _lookups(self) -> Iterator[tuple[str, Any]]:
        for name, text in self.bounds.items():
            value = _parse_moment_or_day(text) if self.is_moment else _parse_day(text)
            if not self.is_moment or isinstance(value, datetime):
                yield name, value
            elif name == self.until:
                yield self.before, start_of(value + timedelta(days=1))
            else:
                yield name, start_of(value)


class ComingDayFilter(DayFilter):
    """Offer days in the future first."""

    usual = {"Today": (0, 0), "Next 7 days": (0, 6), "Past 7 days": (-6, 0)}


def _parse_day(text: str) -> date:
    try:
        day = parse_date(text[:10])
    except ValueError:
        day = None
    if day is None:
        raise DomainError(NO_DAY.format(text))
    return day


def _parse_moment_or_day(text: str) -> datetime | date:
    try:
        moment = parse_datetime(text) if len(text) > len("2024-01-31") else None
    except ValueError:
        moment = None
    if moment is None:
        return _parse_day(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
