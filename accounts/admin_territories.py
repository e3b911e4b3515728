"""Pages on which territory managers see, and act on, what lies in their own territories only."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Territory, User
from accounts.territories import in_territories, own_territories, territories_seen_by, territory_id_of

NOWHERE = "-"
"""In addresses: in no territory."""
NOT_YOURS = "This PIN code is in none of your territories"


class TerritoryScopedAdmin(admin.ModelAdmin):
    """The first base of a ModelAdmin; the class says where the territory of a row is found.

        class OrderAdmin(InOwnTerritories, MovableAdmin, ReadOnlyAdmin):
            pincode_path = "device__pincode"      # the territory of a PIN code: that of its longest prefix

        class ServiceOrderAdmin(InOwnTerritories, ReadOnlyAdmin):
            territory_path = "territory"          # rows that name it themselves

    or overrides `territory_filter`. Lists, searches, pages, actions and autocompletion then know only rows of the own
    territories, for whoever lacks `accounts.work_everywhere`; all others are as if they did not exist. That holds as
    long as a class of its own `get_queryset` starts from `super().get_queryset(request)`, and each view of its own
    from `self.get_queryset(request)` or `self.get_object(request, pk)`, never from `Model.objects`.

    Where the PIN code is a field of the form, one outside of the own territories is refused at that field.
    Figures and exports start from `ModelAdmin.get_queryset`, or filter by `visible_in_territories(user, ...)`.
    """

    pincode_path: str = ""
    territory_path: str = ""

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        """The rows that lie in these territories."""
        if self.territory_path:
            return Q(**{f"{self.territory_path}__in": territory_ids})
        return in_territories(territory_ids, pincode_path=self.pincode_path)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        own = own_territories(request.user)  # type: ignore[arg-type]
        rows = super().get_queryset(request)
        return rows if own is None else rows.filter(self.territory_filter(own))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        own = own_territories(request.user) if self.pincode_path in form.base_fields else None  # type: ignore[arg-type]
        return form if own is None else _within(form, own, self.pincode_path)


def visible_in_territories(user: User, *, pincode_path: str = "", territory_path: str = "") -> Q:
    """The rows that somebody may see, for figures, charts and exports: all of them, unless the work is limited."""
    own = own_territories(user)
    if own is None:
        return Q()
    return Q(**{f"{territory_path}__in": own}) if territory_path else in_territories(own, pincode_path=pincode_path)


class TerritoryFilter(admin.SimpleListFilter):
    """By the territories that the reader works in; the subclass says which rows lie in them."""

    title = parameter_name = "territory"
    may_lie_outside = True
    """Whether there are rows in no territory at all."""

    def rows_in(self, territory_ids: Collection[str]) -> Q:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        named = [(territory.pk, territory.name) for territory in territories_seen_by(request.user)]  # type: ignore[arg-type]
        sees_outside = self.may_lie_outside and own_territories(request.user) is None  # type: ignore[arg-type]
        return [*named, (NOWHERE, "Outside of all")] if sees_outside else named

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        asked = self.value()
        if asked is None:
            return queryset
        if asked == NOWHERE:
            return queryset.exclude(self.rows_in(set(Territory.objects.values_list("pk", flat=True))))
        return queryset.filter(self.rows_in([asked]))


def _within(form: type[forms.ModelForm], own: Collection[str], pincode_field: str) -> type[forms.ModelForm]:
    class Within(form):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            cleaned = super().clean()
            pincode = self.cleaned_data.get(pincode_field)
            if pincode is not None and territory_id_of(pincode) not in own:
                self.add_error(pincode_field, NOT_YOURS)
            return cleaned

    return Within
