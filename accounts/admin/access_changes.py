"""Admin pages of access changes: a read-only list."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.admin.access_history import describe
from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.models import AccessChange, User
from accounts.search import has_phone
from accounts.territories import in_territories, people_in
from core.admin.base import LongListAdmin
from core.admin.change_lists import CardChangeList
from core.admin.day_filters import DayFilter
from core.admin.links import link_to


@admin.register(AccessChange)
class AccessChangeAdmin(TerritoryScopedAdmin, LongListAdmin):
    list_display = ["created_at", "kind", "user_link", "territory_link", "difference", "changed_by_shown", "source"]
    list_filter = [("created_at", DayFilter), "kind", "source", ("territory", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "territory", "changed_by"]
    search_fields = ["correlation_id"]
    search_help_text = "Phone of the user or of who changed it, territory, correlation id"
    user_link, territory_link = link_to("user"), link_to("territory")
    fieldsets = [
        (None, {"fields": ["created_at", "kind", "user_link", "territory_link", "difference"]}),
        ("Record", {"fields": ["changed_by_shown", "source", "before", "after", "correlation_id"]}),
    ]

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        living_there = in_territories(territory_ids, pincode_path="user__pincode")
        return Q(territory__in=territory_ids) | people_in(territory_ids, living_there, user_path="user")

    @admin.display(description="from and to")
    def difference(self, change: AccessChange) -> str:
        return describe(change)

    @admin.display(description="changed by", ordering="changed_by")
    def changed_by_shown(self, change: AccessChange) -> str:
        return str(change.changed_by or "System")

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return CardChangeList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.filter(_matching(term)) if term.strip() else queryset), False


def _matching(term: str) -> Q:
    people = User.objects.filter(has_phone(term, "phone")).order_by().values("pk")
    text = term.strip()
    return Q(user__in=people) | Q(changed_by__in=people) | Q(territory=text) | Q(correlation_id=text)
