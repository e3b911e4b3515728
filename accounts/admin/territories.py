"""Admin pages of territories: their PIN codes and members."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.inlines import LabelledFormset, RightsInline
from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.admin.users import may_grant_roles
from accounts.models import Territory, TerritoryMembership, TerritoryPrefix, User
from accounts.requests import staff_user
from accounts.territories import own_territories, territory_id_of
from core.admin.badges import label
from core.admin.links import joined, links_to
from core.admin.stale_forms import EditableAdmin

IN_ANOTHER_TERRITORY = "These PIN codes lie in another territory"


class PrefixFormset(LabelledFormset):
    """Refuse PIN codes of other territories to territory managers; those of no territory are free."""

    own_ids: frozenset[str] | None = None
    """The territories that the signed-in user is limited to; None if to none."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if self.own_ids is not None and form.has_changed() and not form.cleaned_data.get("DELETE"):
                owner = territory_id_of(form.cleaned_data.get("prefix", ""))
                if owner is not None and owner not in self.own_ids:
                    form.add_error("prefix", IN_ANOTHER_TERRITORY)


class PrefixInline(admin.TabularInline):
    model = TerritoryPrefix
    formset = PrefixFormset
    extra = 1

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **options: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **options)
        formset.own_ids = own_territories(staff_user(request))
        return formset


class MembershipInline(RightsInline):
    """Edit memberships, as one who may grant roles, or as a territory manager in own territories."""

    model = TerritoryMembership
    fields = ["user", "can_verify", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user"]

    def may_grant(self, request: HttpRequest, verb: str) -> bool:
        user = staff_user(request)
        is_manager = own_territories(user) is not None
        return may_grant_roles(user) or (is_manager and user.has_perm(f"accounts.{verb}_territorymembership"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":  # only users that the page of users lists
            options["queryset"] = self.admin_site.get_model_admin(User).get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Territory)
class TerritoryAdmin(TerritoryScopedAdmin, EditableAdmin):
    """Edit territories. They are never deleted: orders and their history refer to them."""

    list_display = ["name", "id", "pin_codes", "members", "service_orders_link"]
    list_display_links = ["name", "id"]
    search_fields = ["id", "name", "prefixes__prefix"]
    search_help_text = "Name, id, PIN code prefix"
    inlines = [PrefixInline, MembershipInline]
    territory_path = "pk"
    service_orders_link = links_to("service_orders.ServiceOrder", "territory", "service orders")

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
