"""Filters beside a list that stay usable however many rows there are: days, states, and the row at the other end."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core.admin.badges import humanize_status, status_color
from core.days import start_of
from core.errors import DomainError

NO_DAY = "{} is no day: write it as 2024-01-31"


class DayFilter(admin.FieldListFilter):
    """From one day to another, both included, or a choice of the usual ones: `("start_date", DayFilter)`.

    Addresses say `start_date__gte=2024-01-15&start_date__lte=2024-01-20`; of a moment also `__lt`, and with the hour.
    """

    template = "admin/filters/days.html"
    usual: ClassVar[dict[str, tuple[int, int]]] = {"Today": (0, 0), "Past 7 days": (-6, 0), "Past 30 days": (-29, 0)}
    """Days from today, the first and the last."""

    def __init__(self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str):
        self.since, self.until, self.before = (f"{field_path}__{lookup}" for lookup in ("gte", "lte", "lt"))
        super().__init__(field, request, params, model, model_admin, field_path)
        self.title = str(field.verbose_name).replace("created at", "day created")
        self.is_moment = isinstance(field, DateTimeField)
        self.said = {name: str(values[-1]) for name, values in self.used_parameters.items()}
        self.error = ""

    def expected_parameters(self) -> list[str]:
        return [self.since, self.until, self.before]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        try:
            return queryset.filter(**dict(self._lookups()))
        except DomainError as refusal:
            self.error = str(refusal)
            return queryset.none()  # rather than rows that nobody asked for, which an export would take away

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """The usual days; and, for the form, what else the address says."""
        self.others = others_in(changelist, self.expected_parameters())
        chosen = self.first_day, self.last_day
        nothing = without(changelist, self.expected_parameters())
        yield {"selected": not self.said, "query_string": nothing, "display": "Any day"}
        for label, days in self.usual.items():
            first, last = (str(timezone.localdate() + timedelta(days=day)) for day in days)
            query = changelist.get_query_string({self.since: first, self.until: last, self.before: None})
            yield {"selected": (first, last) == chosen, "query_string": query, "display": label}

    @property
    def first_day(self) -> str:
        return self.said.get(self.since, "")[:10]

    @property
    def last_day(self) -> str:
        if self.until in self.said:
            return self.said[self.until][:10]
        end = parse_date(self.said.get(self.before, "")[:10]) if self.before in self.said else None
        return str(end - timedelta(days=1)) if end else ""

    def _lookups(self) -> Iterator[tuple[str, Any]]:
        for name, said in self.said.items():
            value = _moment_or_day(said) if self.is_moment else _day(said)
            if not self.is_moment or isinstance(value, datetime):
                yield name, value
            elif name == self.until:
                yield self.before, start_of(value + timedelta(days=1))
            else:
                yield name, start_of(value)


class ComingDayFilter(DayFilter):
    """For days that lie ahead."""

    usual = {"Today": (0, 0), "Next 7 days": (0, 6), "Past 7 days": (-6, 0)}


class StateFilter(admin.FieldListFilter):
    """One state or, as `status__in=ACCEPTED,ACTIVE`, several: `("status", StateFilter)`."""

    template = "admin/filters/states.html"

    def __init__(self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str):
        self.one, self.several = f"{field_path}__exact", f"{field_path}__in"
        super().__init__(field, request, params, model, model_admin, field_path)
        several = [state for states in self.used_parameters.get(self.several, []) for state in states]
        self.chosen = {*self.used_parameters.get(self.one, []), *several}

    def states(self) -> Sequence[str]:
        """Those to choose from."""
        return [state for state, _ in self.field.flatchoices]

    def expected_parameters(self) -> list[str]:
        return [self.one, self.several]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.several: self.chosen}) if self.chosen else queryset

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        nothing = without(changelist, self.expected_parameters())
        yield {"selected": not self.chosen, "query_string": nothing, "display": "All", "tone": ""}
        for state in self.states():
            query = changelist.get_query_string({self.one: state, self.several: None})
            selected = state in self.chosen
            yield {
                "selected": selected,
                "query_string": query,
                "display": humanize_status(state),
                "tone": status_color(state),
            }


class RelatedFilter(admin.FieldListFilter):
    """Finds the row at the other end of a key by a few letters: no list of all of them.

    Addresses say `device=<id>`, or `device__like=trac` for all that fit.
    """

    template = "admin/filters/related.html"
    find: Callable[[str], QuerySet]
    """The rows that a few letters may mean."""
    hint = "Part of the name"

    def __init__(self, field: Any, request: HttpRequest, params: dict, model: Any, model_admin: Any, field_path: str):
        self.like, self.path = f"{field_path}__like", field_path
        super().__init__(field, request, params, model, model_admin, field_path)
        said = {name: str(values[-1]).strip() for name, values in self.used_parameters.items()}
        self.letters = said.pop(self.like, "").replace("\0", "")
        self.row = next((self._row(key) for key in said.values()), None)

    def expected_parameters(self) -> list[str]:
        return [self.like, self.path, f"{self.path}__exact", f"{self.path}__id__exact"]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if len(self.used_parameters) > (self.like in self.used_parameters):
            queryset = queryset.filter(**{self.path: self.row}) if self.row else queryset.none()
        if not self.letters:
            return queryset
        return queryset.filter(**{f"{self.path}__in": type(self).find(self.letters).order_by().values("pk")})

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """For the form, what else the address says; and the way back to all rows."""
        self.others = others_in(changelist, self.expected_parameters())
        yield {"query_string": without(changelist, self.expected_parameters())}

    def _row(self, key: str) -> Model | None:
        model = self.field.remote_field.model
        try:
            return model._default_manager.filter(pk=key).first()
        except (ValueError, ValidationError):
            return None


def others_in(changelist: ChangeList, own: Sequence[str]) -> list[tuple[str, str]]:
    """What the address says apart from the `own` parameters of a filter, for its form to keep."""
    said = changelist.filter_params.items()
    return [(name, value) for name, values in said if name not in own for value in values]


def without(changelist: ChangeList, own: Sequence[str]) -> str:
    """The address without these parameters."""
    # Django's `remove` takes away all that start so: `device` and `device__device_type`.
    return changelist.get_query_string(dict.fromkeys(own))


def _day(said: str) -> date:
    try:
        day = parse_date(said[:10])
    except ValueError:
        day = None
    if day is None:
        raise DomainError(NO_DAY.format(said))
    return day


def _moment_or_day(said: str) -> datetime | date:
    try:
        moment = parse_datetime(said) if len(said) > len("2024-01-31") else None
    except ValueError:
        moment = None
    if moment is None:
        return _day(said)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
