"""Filters of the list of service orders."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.admin_search import has_phone
from accounts.models import Territory, User
from accounts.territories import own_territories
from core.admin.filters import RelatedFilter


def territories_open_to(user: Any) -> QuerySet[Territory]:
    """The territories whose service orders somebody may look at in the back office."""
    own = own_territories(user)
    return Territory.objects.all() if own is None else Territory.objects.filter(pk__in=own)


class TerritoryFilter(admin.SimpleListFilter):
    """By the territories that the reader works in."""

    title = parameter_name = "territory"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(territory.pk, territory.name) for territory in territories_open_to(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        known = {pk for pk, _ in self.lookup_choices}
        return queryset.filter(territory=self.value()) if self.value() in known else queryset


class CreatorFilter(RelatedFilter):
    """By whoever placed the order."""

    hint = "Name or phone"

    def __init__(self, *said: Any, **more: Any):
        super().__init__(*said, **more)
        self.title = "creator"

    @staticmethod
    def find(letters: str) -> QuerySet[User]:
        return User.objects.filter(Q(name__icontains=letters) | has_phone(letters, "phone"))
