"""Admin pages on which territory managers see, and change, the rows of their own territories only."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Territory, User
from accounts.requests import staff_user
from accounts.territories import in_territories, own_territories, territories_seen_by, territory_id_of

OUTSIDE = "-"
"""In query strings: in no territory."""
NOT_YOURS = "This PIN code is in none of your territories"


class TerritoryScopedAdmin(admin.ModelAdmin):
    """Limit a ModelAdmin to own territories: its first base; the class declares how a row belongs to a territory.

        class OrderAdmin(TerritoryScopedAdmin, TransitionAdmin, ReadOnlyAdmin):
            pincode_path = "device__pincode"      # the territory of a PIN code: that of its longest prefix

        class ServiceOrderAdmin(TerritoryScopedAdmin, ReadOnlyAdmin):
            territory_path = "territory"          # rows with a foreign key to their territory

    or overrides `territory_filter`. For users without `accounts.work_everywhere`, lists, searches, pages, actions and
    autocompletion have only the rows of their own territories. That holds as long as a `get_queryset` of the class
    starts from `super().get_queryset(request)`, and each of its views from `self.get_queryset(request)` or
    `self.get_object(request, pk)`, never from `Model.objects`.

    If the PIN code is a field of the form, one outside of the own territories is refused at that field.
    Figures and exports start from `ModelAdmin.get_queryset`, or filter by `visible_in_territories(user, ...)`.
    """

    pincode_path: str = ""
    territory_path: str = ""

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        """Filter to the rows of these territories."""
        if self.territory_path:
            return Q(**{f"{self.territory_path}__in": territory_ids})
        return in_territories(territory_ids, pincode_path=self.pincode_path)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        own = own_territories(staff_user(request))
        rows = super().get_queryset(request)
        return rows if own is None else rows.filter(self.territory_filter(own))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        own = own_territories(staff_user(request)) if self.pincode_path in form.base_fields else None
        return form if own is None else _within(form, own, self.pincode_path)


def visible_in_territories(user: User, *, pincode_path: str = "", territory_path: str = "") -> Q:
    """Filter to the rows that the user may see, for figures, charts and exports."""
    own = own_territories(user)
    if own is None:
        return Q()
    return Q(**{f"{territory_path}__in": own}) if territory_path else in_territories(own, pincode_path=pincode_path)


class TerritoryFilter(admin.SimpleListFilter):
    """Filter by the territories that the signed-in user may see; the subclass declares `rows_in`."""

    title = parameter_name = "territory"
    may_lie_outside = True
    """Whether there are rows in no territory at all."""

    def rows_in(self, territory_ids: Collection[str]) -> Q:
        """Filter to the rows of these territories."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        user = staff_user(request)
        names = [(territory.pk, territory.name) for territory in territories_seen_by(user)]
        sees_outside = self.may_lie_outside and own_territories(user) is None
        return [*names, (OUTSIDE, "Outside of all")] if sees_outside else names

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        territory_id = self.value()
        if territory_id is None:
            return queryset
        if territory_id == OUTSIDE:
            return queryset.exclude(self.rows_in(set(Territory.objects.values_list("pk", flat=True))))
        return queryset.filter(self.rows_in([territory_id]))


def _within(form: type[forms.ModelForm], own: Collection[str], pincode_field: str) -> type[forms.ModelForm]:
    class WithinTerritories(form):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            cleaned = super().clean()
            pincode = self.cleaned_data.get(pincode_field)
            if pincode is not None and territory_id_of(pincode) not in own:
                self.add_error(pincode_field, NOT_YOURS)
            return cleaned

    return WithinTerritories
