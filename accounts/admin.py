"""People in the back office: users with their roles and sessions, VLEs, operators; territories and who works there."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actors import Actor, back_office_actor
from accounts.forms import NewUserForm, UserForm
from accounts.models import (
    Operator,
    OperatorTraining,
    Role,
    RoleAssignment,
    Session,
    Territory,
    TerritoryMembership,
    TerritoryPrefix,
    User,
    VleProfile,
)
from accounts.needs import TRAINING
from accounts.services import (
    change_operator,
    change_vle,
    let_in_again,
    log_out_everywhere,
    make_operator,
    make_vle,
    shut_out,
)
from accounts.sessions import roles_of
from core.admin import link_to, links_to
from core.admin.needs import needs_filter
from core.errors import DomainError, Forbidden


def act_on_each(name: str, description: str, act: Callable[[Any, Actor], Any], done: str) -> Callable:
    """An action that does `act(row, actor)` to every chosen row, and reports on each."""

    @admin.action(description=description, permissions=["change"])
    def action(self: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows:
            try:
                if not self.has_change_permission(request, row):
                    raise Forbidden("you may not change this one")
                act(row, back_office_actor(request.user))
                self.log_change(request, row, done)
                self.message_user(request, f"{row}: {done}")
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)

    action.__name__ = name
    return action


def gives_roles(user: Any) -> bool:
    """Roles, ADMIN among them, are given by superusers and by those who are ADMIN themselves."""
    return user.is_superuser or Role.ADMIN in roles_of(user)


class RoleInline(admin.TabularInline):
    model = RoleAssignment
    fields = ["role", "assigned_at"]
    readonly_fields = ["assigned_at"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return gives_roles(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return gives_roles(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return gives_roles(request.user)


class SessionInline(admin.TabularInline):
    """Where someone is logged in; to end it, log them out everywhere."""

    model = Session
    fields = readonly_fields = ["active_role", "created_at", "refreshed_at", "revoked_at"]
    extra = max_num = 0
    can_delete = False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    show_full_result_count = False
    list_display = ["phone", "name", "roles", "is_active", "is_staff", "last_login", "created_at"]
    list_filter = ["role_assignments__role", "is_active", "is_staff"]
    search_fields = ["phone", "name"]
    search_help_text = "Phone, name"
    ordering = ["-created_at"]
    orders_link = links_to("orders", "order", "requester", "orders")
    sms_link = links_to("notifications", "smsmessage", "recipient", "SMS")
    readonly_fields = ["is_active", "last_login", "created_at", "updated_at", "orders_link", "sms_link"]
    fieldsets = [
        (None, {"fields": ["phone", "password", "name", "language", "is_active"]}),
        ("Where", {"fields": ["pincode", "latitude", "longitude"]}),
        ("Back office", {"fields": ["is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("What came of it", {"fields": ["orders_link", "sms_link", "last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["phone", "name", "usable_password", "password1", "password2"]})]
    actions = [
        act_on_each("shut_out", "Deactivate", lambda user, by: shut_out(by=by, user=user), "deactivated"),
        act_on_each("let_in_again", "Activate again", lambda user, by: let_in_again(by=by, user=user), "active"),
        act_on_each(
            "log_out_everywhere",
            "Log out everywhere",
            lambda user, by: log_out_everywhere(by=by, user=user),
            "logged out everywhere",
        ),
    ]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[type[admin.TabularInline]]:
        return [RoleInline, SessionInline] if obj else [RoleInline]

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(roles_of(user))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("role_assignments")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Whoever may open every door says who else may."""
        fields = super().get_readonly_fields(request, obj)
        powers = ["is_staff", "is_superuser", "groups", "user_permissions"]
        return list(fields) if request.user.is_superuser else [*fields, *powers]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_above = getattr(obj, "is_superuser", False) and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ProfileAdmin(admin.ModelAdmin):
    """What VLEs and operators have in common: made by their service, as a role comes with them."""

    show_full_result_count = False
    list_select_related = ["user"]
    list_filter = ["status"]
    search_fields = ["name", "user__phone", "user__name"]
    autocomplete_fields = ["user"]
    user_link = link_to("user")
    make: Callable
    columns: list[str]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        details = {column: form.cleaned_data[column] for column in self.columns}
        made = type(self).make(by=back_office_actor(request.user), user=obj.user, details=details)
        obj.pk, obj._state = made.pk, made._state

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["status", "created_at", "updated_at", *self.readonly_fields, *(["user_link"] if obj else [])]

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["user"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def set_vle(name: str, description: str, status: VleProfile.Status) -> Callable:
    def act(profile: VleProfile, by: Actor) -> None:
        change_vle(by=by, profile=profile, changes={"status": status})

    return act_on_each(name, description, act, status.label.lower())


def set_operator(name: str, description: str, status: Operator.Status) -> Callable:
    def act(operator: Operator, by: Actor) -> None:
        change_operator(by=by, operator=operator, changes={"status": status})

    return act_on_each(name, description, act, status.label.lower())


@admin.register(VleProfile)
class VleProfileAdmin(ProfileAdmin):
    list_display = ["name", "user_link", "type", "pincode", "status", "created_at"]
    list_filter = ["status", "type"]
    make = make_vle
    columns = ["name", "type", "pincode", "latitude", "longitude"]
    leases_link = links_to("leases", "lease", "vle", "leases")
    orders_link = links_to("orders", "order", "handler_vle", "orders to handle")
    readonly_fields = ["leases_link", "orders_link"]
    actions = [
        set_vle("activate", "Activate", VleProfile.Status.ACTIVE),
        set_vle("suspend", "Suspend", VleProfile.Status.SUSPENDED),
    ]


class TrainingInline(admin.TabularInline):
    model = OperatorTraining
    extra = 0
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(Operator)
class OperatorAdmin(ProfileAdmin):
    list_display = ["name", "user_link", "license_number", "status", "created_at"]
    list_filter = [needs_filter(TRAINING), "status"]
    make = make_operator
    columns = ["name", "license_number"]
    inlines = [TrainingInline]
    actions = [
        set_operator("activate", "Activate", Operator.Status.ACTIVE),
        set_operator("suspend", "Suspend", Operator.Status.SUSPENDED),
        set_operator("archive", "Archive", Operator.Status.ARCHIVED),
    ]


class PrefixInline(admin.TabularInline):
    model = TerritoryPrefix
    extra = 1


class MembershipInline(admin.TabularInline):
    """Rights come with a membership, so it is given by those who give roles."""

    model = TerritoryMembership
    fields = ["user", "can_verify", "created_at"]
    readonly_fields = ["created_at"]
    autocomplete_fields = ["user"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return gives_roles(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return gives_roles(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return gives_roles(request.user)


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin):
    list_display = ["id", "name", "pin_codes", "service_orders_link"]
    search_fields = ["id", "name"]
    inlines = [PrefixInline, MembershipInline]
    service_orders_link = links_to("service_orders", "serviceorder", "territory", "service orders")

    @admin.display(description="PIN codes")
    def pin_codes(self, territory: Territory) -> str:
        return ", ".join(f"{prefix}..." for prefix in territory.prefixes.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("prefixes")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["id"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Orders and their history name their territory for ever."""
        return False


# The library's page would show the secret of everybody; ours only resets it.
admin.site.unregister(TOTPDevice)
