"""Admin pages of VLEs and operators: created, changed and suspended by services, which also grant the role."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet, URLField
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.admin.inlines import LabelledFormset
from accounts.admin.phone_search import PhoneSearchMixin
from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.choices import OperatorStatus, VleStatus
from accounts.forms import VleForm
from accounts.models import Operator, OperatorTraining, VleProfile
from accounts.services import change_operator, change_vle, create_operator, create_vle
from accounts.territories import people_in
from accounts.training import validity_of
from accounts.worklists import TRAINING
from core.admin.actions import RowAction, RowActionsMixin, bulk_action
from core.admin.badges import badge, label, status_badge
from core.admin.filters import worklist_filter
from core.admin.links import joined, link_to, links_to
from core.admin.stale_forms import EditableAdmin

Status = VleStatus | OperatorStatus


def status_action(status: Status, label: str, change: Callable[..., Any], tone: str) -> RowAction:
    """Return the action that gives a profile this status through the service `change`."""
    return RowAction(
        label.lower(),
        label,
        partial(change, changes={"status": status}),
        success=str(status.label).lower(),
        is_available=lambda row: row.status != status,
        tone=tone,
    )


VLE_ACTIONS = [
    status_action(VleStatus.ACTIVE, "Activate", change_vle, "good"),
    status_action(VleStatus.SUSPENDED, "Suspend", change_vle, "bad"),
]
OPERATOR_ACTIONS = [
    status_action(OperatorStatus.ACTIVE, "Activate", change_operator, "good"),
    status_action(OperatorStatus.SUSPENDED, "Suspend", change_operator, "bad"),
    status_action(OperatorStatus.ARCHIVED, "Archive", change_operator, "quiet"),
]


class ProfileAdmin(PhoneSearchMixin, RowActionsMixin, EditableAdmin):
    """Edit a profile of a user through the services `create` and `change`."""

    change_form_template = "admin/people/change_form.html"
    list_select_related = ["user"]
    search_fields = ["name", "user__phone", "user__name"]
    phone_path = "user__phone"
    search_help_text = "Name, phone"
    autocomplete_fields = ["user"]
    user_link = link_to("user")
    status_badge = status_badge
    create: ClassVar[Callable[..., Any]]
    change: ClassVar[Callable[..., Any]]
    columns: ClassVar[list[str]]

    def page_badges(self, row: Any) -> list[SafeString]:
        return [badge(row.status)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = self.get_actor(request)
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data if name in self.columns}
            type(self).change(obj, by=by, changes=changes)
            return
        details = {column: form.cleaned_data[column] for column in self.columns}
        created = type(self).create(by=by, user=obj.user, details=details)
        obj.pk, obj._state = created.pk, created._state

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["status_badge", "created_at", "updated_at", *self.readonly_fields, *(["user_link"] if obj else [])]

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["status", "user"] if obj else ["status"]


@admin.register(VleProfile)
class VleProfileAdmin(TerritoryScopedAdmin, ProfileAdmin):
    form = VleForm
    list_display = ["name", "user_link", "type", "pincode", "status_badge", "created_at"]
    list_filter = ["status", "type"]
    create, change = staticmethod(create_vle), staticmethod(change_vle)
    columns = ["name", "type", "pincode", "latitude", "longitude"]
    pincode_path = "pincode"
    leases_link = links_to("leases.Lease", "vle", "leases")
    orders_link = links_to("orders.Order", "handler_vle", "orders to handle")
    readonly_fields = ["leases_link", "orders_link"]
    row_actions = VLE_ACTIONS
    actions = [bulk_action(action) for action in VLE_ACTIONS]

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        return people_in(territory_ids, super().territory_filter(territory_ids), user_path="user")


class TrainingInline(admin.TabularInline):
    model = OperatorTraining
    formset = LabelledFormset
    fields = ["device_type_code", "certificate_url", "completed_on", "valid_till", "validity"]
    readonly_fields = ["validity"]
    extra = 0
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    @admin.display(description="validity")
    def validity(self, training: OperatorTraining) -> SafeString:
        return label(*validity_of(training)) if training.pk else label("new")


@admin.register(Operator)
class OperatorAdmin(ProfileAdmin):
    list_display = ["name", "user_link", "license_number", "training_shown", "status_badge", "created_at"]
    list_filter = [worklist_filter(TRAINING), "status"]
    create, change = staticmethod(create_operator), staticmethod(change_operator)
    columns = ["name", "license_number"]
    inlines = [TrainingInline]
    row_actions = OPERATOR_ACTIONS
    actions = [bulk_action(action) for action in OPERATOR_ACTIONS]

    @admin.display(description="training")
    def training_shown(self, operator: Operator) -> SafeString:
        rows = ((training.device_type_code, *validity_of(training)) for training in operator.training.all())
        return joined(label(f"{code}: {text.lower()}", tone) for code, text, tone in rows) or label("None", "quiet")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("training")
