"""Filters of the list of service orders."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from accounts.admin.territory_scope import TerritoryFilter
from accounts.models import User
from accounts.search import has_phone
from core.admin.filters import RelatedFilter


class ServiceOrderTerritoryFilter(TerritoryFilter):
    may_lie_outside = False

    def rows_in(self, territory_ids: Collection[str]) -> Q:
        return Q(territory__in=territory_ids)


class CreatorFilter(RelatedFilter):
    """Filter by who placed the order."""

    hint = "Name or phone"

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.title = "creator"

    @staticmethod
    def find(letters: str) -> QuerySet[User]:
        return User.objects.filter(Q(name__icontains=letters) | has_phone(letters, "phone"))
