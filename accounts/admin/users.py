"""Admin pages of users: personal details, roles and staff rights, and their sessions."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, ManyToManyField, Model, OuterRef, Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin.access_history import AccessHistoryMixin
from accounts.admin.inlines import RightsInline
from accounts.admin.phone_search import PhoneSearchMixin
from accounts.admin.rights import save_roles
from accounts.admin.territory_scope import TerritoryScopedAdmin
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
from core.admin.actions import RowAction, RowActionsMixin, bulk_action
from core.admin.badges import label
from core.admin.filters import condition_filter
from core.admin.links import change_url, joined, link, links_to
from core.admin.stale_forms import EditableAdmin
from core.admin.views import log_and_show, object_post

PERSONAL = ["phone", "name", "language", "pincode", "latitude", "longitude"]
STAFF_RIGHTS = ["is_staff", "is_superuser", "groups"]
DEACTIVATE = RowAction(
    "deactivate",
    "Deactivate",
    deactivate_user,
    success="deactivated",
    is_available=lambda user: user.is_active,
    tone="bad",
)
REACTIVATE = RowAction(
    "reactivate",
    "Activate again",
    reactivate_user,
    success="active",
    is_available=lambda user: not user.is_active,
    tone="good",
)
LOG_OUT = RowAction(
    "log_out_everywhere",
    "Log out everywhere",
    log_out_everywhere,
    success="logged out everywhere",
    is_available=lambda user: user.is_active,
)
RESET_SECOND_FACTOR = RowAction(
    "reset_second_factor",
    "Reset second factor",
    reset_user_second_factor,
    success="second factor reset",
    is_available=lambda user: user.has_second_factor,
    tone="bad",
    superuser_only=True,
)


class RoleInline(RightsInline):
    model = RoleAssignment
    fields = ["role", "assigned_at"]
    readonly_fields = ["assigned_at"]

    def may_grant(self, request: HttpRequest, verb: str) -> bool:
        return may_grant_roles(staff_user(request))


SecondFactorFilter = condition_filter(
    "second factor",
    "second_factor",
    {
        "on": ("On", lambda: Q(has_second_factor=True)),
        "missing": ("Staff without one", lambda: Q(has_second_factor=False, is_staff=True)),
    },
)


@admin.register(User)
class UserAdmin(
    PhoneSearchMixin, AccessHistoryMixin, TerritoryScopedAdmin, RowActionsMixin, EditableAdmin, DjangoUserAdmin
):
    change_form_template = "admin/people/change_form.html"
    form, add_form = UserForm, NewUserForm
    list_display = ["phone", "name", "roles", "badges", "memberships_shown", "last_login", "created_at"]
    filter_horizontal = []
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    list_filter = ["role_assignments__role", "is_active", "is_staff", "groups", SecondFactorFilter]
    search_fields = ["phone", "name"]
    phone_path = "phone"
    search_help_text = "Phone, name"
    ordering = ["-created_at"]
    orders_link = links_to("orders.Order", "requester", "orders")
    sms_link = links_to("notifications.SmsMessage", "recipient", "SMS")
    readonly_fields = ["is_active", "memberships_shown", "profiles", "last_login", "created_at", "updated_at"]
    readonly_fields += ["orders_link", "leases_link", "sms_link"]
    fieldsets = [
        (None, {"fields": ["phone", "password", "name", "language", "is_active"]}),
        ("Where", {"fields": ["pincode", "latitude", "longitude", "memberships_shown"]}),
        ("Back office", {"fields": [*STAFF_RIGHTS]}),
        ("What this person has", {"fields": ["profiles", "orders_link", "leases_link", "sms_link"]}),
        (None, {"fields": ["last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["phone", "name", "usable_password", "password1", "password2"]})]
    inlines = [RoleInline]
    row_actions = [DEACTIVATE, REACTIVATE, LOG_OUT, RESET_SECOND_FACTOR]
    actions = [bulk_action(action) for action in (DEACTIVATE, REACTIVATE, LOG_OUT)]
    pincode_path = "pincode"

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        return people_in(territory_ids, super().territory_filter(territory_ids))

    @admin.display(description="roles")
    def roles(self, user: User) -> SafeString:
        return joined(label(role.title() if role != Role.VLE else role) for role in roles_of(user))

    @admin.display(description="standing")
    def badges(self, user: User) -> SafeString:
        return joined(self.page_badges(user))

    def page_badges(self, row: Any) -> list[SafeString]:
        badges = [label("Active", "good") if row.is_active else label("Deactivated", "bad")]
        if row.is_staff:
            badges.append(label("Superuser" if row.is_superuser else "Staff", "moving"))
            badges.append(label("Second factor on", "good") if row.has_second_factor else label("No second factor"))
        return badges

    @admin.display(description="territories")
    def memberships_shown(self, user: User) -> str:
        return ", ".join(str(membership.territory) for membership in user.memberships.all()) or "-"

    @admin.display(description="VLE, operator")
    def profiles(self, user: User) -> str:
        rows = [getattr(user, name, None) for name in ("vle_profile", "operator")]
        return joined(link(row, change_url(row)) for row in rows if row) or "-"

    @admin.display(description="leases")
    def leases_link(self, user: User) -> str:
        profile = getattr(user, "vle_profile", None)
        return links_to("leases.Lease", "vle", "leases")(self, profile) if profile else "-"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        confirmed = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        rows = super().get_queryset(request).annotate(has_second_factor=Exists(confirmed))
        return rows.prefetch_related("role_assignments", "memberships__territory")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Return the staff rights too, unless a superuser asks: only superusers grant them."""
        fields = super().get_readonly_fields(request, obj)
        return list(fields) if staff_user(request).is_superuser else [*fields, *STAFF_RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_above = getattr(obj, "is_superuser", False) and not staff_user(request).is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save a new user; of an existing one only what was changed, through the services."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        by = self.get_actor(request)
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        if personal := {name: value for name, value in changed.items() if name in PERSONAL}:
            change_user(obj, by=by, changes=personal)
        if changed.keys() & STAFF_RIGHTS:
            set_staff_access(obj, by=by, **{name: form.cleaned_data[name] for name in STAFF_RIGHTS})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles through the services. The groups are saved with the user."""
        for formset in formsets:
            formset.save(commit=False)  # tells the log what changed
            save_roles(formset, form.instance, self.get_actor(request))

    def get_urls(self) -> list[URLPattern]:
        route = "<uuid:object_id>/sessions/<uuid:session_id>/end/"
        return [object_post(self, route, self.end_session_view, name="end_session"), *super().get_urls()]

    def end_session_view(self, request: HttpRequest, user: User, session_id: UUID) -> None:
        """End one session of the user. Raises NotFound if it has ended already."""
        end_one_session(user, by=self.get_actor(request), session_id=session_id)
        log_and_show(self, request, user, "signed out there", log="signed out at one place")

    def page_context(self, request: HttpRequest, row: User) -> dict[str, Any]:
        return super().page_context(request, row) | {
            "staff_sessions": live_staff_sessions(row),
            "app_sessions": live_app_sessions(row),
            "own_key": request.session.session_key,
            "may_end": self.can_act_on(request, row),
            "sessions_of": row.pk,
        }
