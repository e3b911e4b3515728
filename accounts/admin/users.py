"""Users in the back office: who they are, what they may, where they are signed in."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, ManyToManyField, Model, OuterRef, Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actors import back_office_actor
from accounts.admin.access_history import AccessHistoryMixin
from accounts.admin.acts import Act, ActsAdmin, as_action
from accounts.admin.labels import joined, link
from accounts.admin.rights import save_roles
from accounts.admin.saves import KeptPeopleAdmin, RightsInline
from accounts.admin_territories import TerritoryScopedAdmin
from accounts.forms import NewUserForm, UserForm
from accounts.models import Role, RoleAssignment, User
from accounts.policies import may_grant_roles
from accounts.requests import staff_user
from accounts.services import (
    change_user,
    deactivate_user,
    end_one_session,
    log_out_everywhere,
    reactivate_user,
    reset_user_second_factor,
    set_staff_access,
)
from accounts.sessions import live_app_sessions, roles_of
from accounts.staff_sessions import live_staff_sessions
from accounts.territories import people_in
from core.admin import links_to
from core.admin.badges import label
from core.errors import DomainError

PERSONAL = ["phone", "name", "language", "pincode", "latitude", "longitude"]
POWERS = ["is_staff", "is_superuser", "groups"]
OUT = Act(
    "shut_out",
    "Deactivate",
    lambda user, by: deactivate_user(by=by, user=user),
    "deactivated",
    fits=lambda user: user.is_active,
    tone="bad",
)
IN = Act(
    "let_in_again",
    "Activate again",
    lambda user, by: reactivate_user(by=by, user=user),
    "active",
    fits=lambda user: not user.is_active,
    tone="good",
)
LOG_OUT = Act(
    "log_out_everywhere",
    "Log out everywhere",
    lambda user, by: log_out_everywhere(by=by, user=user),
    "logged out everywhere",
    fits=lambda user: user.is_active,
)
RESET = Act(
    "reset_second_factor",
    "Reset second factor",
    lambda user, by: reset_user_second_factor(by=by, user=user),
    "second factor reset",
    fits=lambda user: user.has_second_factor,
    tone="bad",
    for_superusers=True,
)


class RoleInline(RightsInline):
    model = RoleAssignment
    fields = ["role", "assigned_at"]
    readonly_fields = ["assigned_at"]

    def gives(self, request: HttpRequest, verb: str) -> bool:
        return may_grant_roles(staff_user(request))


class SecondFactorFilter(admin.SimpleListFilter):
    title = "second factor"
    parameter_name = "second_factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("on", "On"), ("missing", "Staff without one")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "on":
            return queryset.filter(has_second_factor=True)
        return queryset.filter(has_second_factor=False, is_staff=True) if self.value() == "missing" else queryset


@admin.register(User)
class UserAdmin(AccessHistoryMixin, TerritoryScopedAdmin, ActsAdmin, KeptPeopleAdmin, DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    list_display = ["phone", "name", "roles", "standing_badges", "memberships_shown", "last_login", "created_at"]
    filter_horizontal = []
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    list_filter = ["role_assignments__role", "is_active", "is_staff", "groups", SecondFactorFilter]
    search_fields = ["phone", "name"]
    search_help_text = "Phone, name"
    ordering = ["-created_at"]
    orders_link = links_to("orders", "order", "requester", "orders")
    sms_link = links_to("notifications", "smsmessage", "recipient", "SMS")
    readonly_fields = ["is_active", "memberships_shown", "profiles", "last_login", "created_at", "updated_at"]
    readonly_fields += ["orders_link", "leases_link", "sms_link"]
    fieldsets = [
        (None, {"fields": ["phone", "password", "name", "language", "is_active"]}),
        ("Where", {"fields": ["pincode", "latitude", "longitude", "memberships_shown"]}),
        ("Back office", {"fields": POWERS}),
        ("What this person has", {"fields": ["profiles", "orders_link", "leases_link", "sms_link"]}),
        (None, {"fields": ["last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["phone", "name", "usable_password", "password1", "password2"]})]
    inlines = [RoleInline]
    acts = [OUT, IN, LOG_OUT, RESET]
    actions = [as_action(OUT), as_action(IN), as_action(LOG_OUT)]
    pincode_path = "pincode"

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        return people_in(territory_ids, super().territory_filter(territory_ids))

    @admin.display(description="roles")
    def roles(self, user: User) -> SafeString:
        return joined(label(role.title() if role != Role.VLE else role) for role in roles_of(user))

    @admin.display(description="standing")
    def standing_badges(self, user: User) -> SafeString:
        return joined(self.standing(user))

    def standing(self, user: Any) -> list[str]:
        said = [label("Active", "good") if user.is_active else label("Deactivated", "bad")]
        if user.is_staff:
            said.append(label("Superuser" if user.is_superuser else "Staff", "moving"))
            said.append(label("Second factor on", "good") if user.has_second_factor else label("No second factor"))
        return said

    @admin.display(description="territories")
    def memberships_shown(self, user: User) -> str:
        return ", ".join(str(membership.territory) for membership in user.memberships.all()) or "-"

    @admin.display(description="VLE, operator")
    def profiles(self, user: User) -> str:
        found = [
            (getattr(user, name, None), f"admin:accounts_{model}_change")
            for name, model in (("vle_profile", "vleprofile"), ("operator", "operator"))
        ]
        return joined(link(row, reverse(page, args=[row.pk])) for row, page in found if row) or "-"

    @admin.display(description="leases")
    def leases_link(self, user: User) -> str:
        profile = getattr(user, "vle_profile", None)
        return links_to("leases", "lease", "vle", "leases")(self, profile) if profile else "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        has_one = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))
        rows = super().get_queryset(request).annotate(has_second_factor=has_one)
        return rows.prefetch_related("role_assignments", "memberships__territory")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Whoever may open every door says who else may."""
        fields = super().get_readonly_fields(request, obj)
        return list(fields) if request.user.is_superuser else [*fields, *POWERS]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_above = getattr(obj, "is_superuser", False) and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save a new user; of an existing one only what was changed, through the services."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        by = back_office_actor(staff_user(request))
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if personal := {name: value for name, value in changed.items() if name in PERSONAL}:
            change_user(obj, by=by, changes=personal)
        if changed.keys() & POWERS:
            set_staff_access(obj, by=by, **{name: form.cleaned_data[name] for name in POWERS})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles through the services. The groups are saved with the user."""
        for formset in formsets:
            formset.save(commit=False)  # tells the log what changed
            save_roles(formset, form.instance, back_office_actor(staff_user(request)))

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(require_POST(self.end_session))
        mine = path("<uuid:user_id>/sessions/<uuid:session_id>/end/", end, name="accounts_user_end_session")
        return [mine, *super().get_urls()]

    def end_session(self, request: HttpRequest, user_id: UUID, session_id: UUID) -> HttpResponse:
        """Sign somebody out at one place."""
        user = self.get_object(request, str(user_id))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        try:
            end_one_session(user, by=back_office_actor(staff_user(request)), session_id=session_id)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.log_change(request, user, "signed out at one place")
            self.message_user(request, f"{user}: signed out there")
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[user.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        user = context.get("original")
        if user is not None:
            context["staff_sessions"] = live_staff_sessions(user)
            context["app_sessions"] = live_app_sessions(user)
            context["own_key"] = request.session.session_key
            context["may_end"] = self.has_change_permission(request, user)
            context["sessions_of"] = user.pk
        return super().render_change_form(request, context, *args, **options)
