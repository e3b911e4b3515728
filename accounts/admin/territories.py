"""Admin pages of territories: their PIN codes and members."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.access_history import AccessHistoryMixin
from accounts.admin.inlines import LabelledFormset, RightsInline
from accounts.admin.rights import prefixes_of, save_members
from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.forms import PrefixForm
from accounts.models import Territory, TerritoryMembership, TerritoryPrefix, User
from accounts.policies import PREFIX_OF_ANOTHER_TERRITORY, may_manage_members
from accounts.requests import staff_user
from accounts.services import save_territory
from accounts.territories import foreign_prefixes
from core.admin.badges import label
from core.admin.links import joined, links_to
from core.admin.stale_forms import EditableAdmin


class PrefixFormset(LabelledFormset):
    """Refuse prefixes of other territories at their field. The service checks the same."""

    reader: ClassVar[User]

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            is_saved = form.has_changed() and not form.cleaned_data.get("DELETE")
            if is_saved and foreign_prefixes(self.reader, [form.cleaned_data.get("prefix", "")]):
                form.add_error("prefix", PREFIX_OF_ANOTHER_TERRITORY)


class PrefixInline(admin.TabularInline):
    model = TerritoryPrefix
    form = PrefixForm
    formset = PrefixFormset
    extra = 1

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **options: Any) -> Any:
        formset = super().get_formset(request, obj, **options)
        formset.reader = staff_user(request)  # type: ignore[attr-defined]
        return formset


class MembershipInline(RightsInline):
    """Edit members: for those who give rights, and for territory managers in their own territories."""

    model = TerritoryMembership
    fields = ["user", "can_verify", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user"]

    def may_grant(self, request: HttpRequest, verb: str) -> bool:
        return may_manage_members(staff_user(request), verb)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":  # only users that the page of users lists
            options["queryset"] = self.admin_site.get_model_admin(User).get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Territory)
class TerritoryAdmin(AccessHistoryMixin, TerritoryScopedAdmin, EditableAdmin):
    """Edit territories. They are never deleted: orders and their history refer to them."""

    list_display = ["name", "id", "pin_codes", "members", "service_orders_link"]
    list_display_links = ["name", "id"]
    search_fields = ["id", "name", "prefixes__prefix"]
    search_help_text = "Name, id, PIN code prefix"
    inlines = [PrefixInline, MembershipInline]
    fieldsets = [(None, {"fields": ["id", "name"]})]
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
        return [*super().get_readonly_fields(request, obj), *(["id"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Territory, form: Any, change: bool) -> None:
        """Save nothing yet: the territory is saved with its prefixes."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the territory, its prefixes and its members through the services."""
        by = self.get_actor(request)
        by_model = {formset.model: formset for formset in formsets}
        for formset in formsets:
            formset.save(commit=False)  # tells the log what changed
        prefixes = prefixes_of(by_model.get(TerritoryPrefix))
        territory = save_territory(form.instance.pk, by=by, name=form.instance.name, prefixes=prefixes)
        if TerritoryMembership in by_model:
            save_members(by_model[TerritoryMembership], territory, by)
