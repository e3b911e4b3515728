"""Territories in the back office: their PIN codes, and who works there."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.labels import joined
from accounts.admin.saves import KeptPeopleAdmin, LabelledFormset, RightsInline
from accounts.admin.users import gives_roles
from accounts.admin_territories import TerritoryScopedAdmin
from accounts.models import Territory, TerritoryMembership, TerritoryPrefix, User
from accounts.territories import own_territories, territory_id_of
from core.admin import links_to
from core.admin.badges import label


class PrefixFormset(LabelledFormset):
    """Territory managers take no PIN codes from other territories; those that lie in none are free."""

    own: frozenset[str] | None = None

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if self.own is not None and form.has_changed() and not form.cleaned_data.get("DELETE"):
                owner = territory_id_of(form.cleaned_data.get("prefix", ""))
                if owner is not None and owner not in self.own:
                    form.add_error("prefix", "These PIN codes lie in another territory")


class PrefixInline(admin.TabularInline):
    model = TerritoryPrefix
    formset = PrefixFormset
    extra = 1

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **options: Any) -> Any:
        formset = super().get_formset(request, obj, **options)
        formset.own = own_territories(request.user)
        return formset


class MembershipInline(RightsInline):
    """Rights come with a membership: given by those who give roles, and by territory managers in their own."""

    model = TerritoryMembership
    fields = ["user", "can_verify", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user"]

    def gives(self, request: HttpRequest, verb: str) -> bool:
        is_manager = own_territories(request.user) is not None
        may = request.user.has_perm(f"accounts.{verb}_territorymembership")
        return gives_roles(request.user) or (is_manager and may)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":  # nobody whom the page of users would not show
            options["queryset"] = self.admin_site.get_model_admin(User).get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Territory)
class TerritoryAdmin(TerritoryScopedAdmin, KeptPeopleAdmin):
    """Never deleted: orders and their history name their territory for ever."""

    list_display = ["name", "id", "pin_codes", "members", "service_orders_link"]
    list_display_links = ["name", "id"]
    search_fields = ["id", "name", "prefixes__prefix"]
    search_help_text = "Name, id, PIN code prefix"
    inlines = [PrefixInline, MembershipInline]
    territory_path = "pk"
    service_orders_link = links_to("service_orders", "serviceorder", "territory", "service orders")

    @admin.display(description="PIN codes")
    def pin_codes(self, territory: Territory) -> str:
        return joined(label(f"{prefix}...") for prefix in territory.prefixes.all()) or label("None", "bad")

    @admin.display(description="members", ordering="member_count")
    def members(self, territory: Any) -> str:
        return f"{territory.member_count} ({territory.verifier_count} may verify)"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counted = (
            super()
            .get_queryset(request)
            .annotate(
                member_count=Count("memberships"),
                verifier_count=Count("memberships", filter=Q(memberships__can_verify=True)),
            )
        )
        return counted.prefetch_related("prefixes")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["id"] if obj else []
