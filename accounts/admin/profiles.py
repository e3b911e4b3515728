"""VLEs and operators in the back office: made, changed and suspended by the services, as a role comes with them."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet, URLField
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.actors import Actor, back_office_actor
from accounts.admin.acts import Act, ActsAdmin, as_action
from accounts.admin.labels import joined
from accounts.admin.saves import KeptPeopleAdmin, LabelledFormset
from accounts.admin_territories import TerritoryScopedAdmin
from accounts.choices import OperatorStatus, VleStatus
from accounts.models import Operator, OperatorTraining, VleProfile
from accounts.services import change_operator, change_vle, create_operator, create_vle
from accounts.territories import people_in
from accounts.training import validity_of
from accounts.worklists import TRAINING
from core.admin import link_to, links_to
from core.admin.badges import badge, label, status_badge
from core.admin.worklists import worklist_filter

Status = VleStatus | OperatorStatus


def set_vle(profile: VleProfile, by: Actor, status: Status) -> None:
    change_vle(by=by, profile=profile, changes={"status": status})


def set_operator(operator: Operator, by: Actor, status: Status) -> None:
    change_operator(by=by, operator=operator, changes={"status": status})


def setter(name: str, text: str, status: Status, change: Callable[[Any, Actor, Status], None], tone: str) -> Act:
    return Act(
        name,
        text,
        lambda row, by: change(row, by, status),
        str(status.label).lower(),
        fits=lambda row: row.status != status,
        tone=tone,
    )


class ProfileAdmin(ActsAdmin, KeptPeopleAdmin):
    """What VLEs and operators have in common."""

    list_select_related = ["user"]
    search_fields = ["name", "user__phone", "user__name"]
    search_help_text = "Name, phone"
    autocomplete_fields = ["user"]
    user_link = link_to("user")
    status_badge = status_badge
    make: Callable
    change: Callable[[Any, Actor, dict[str, Any]], Any]
    columns: list[str]

    def standing(self, row: Any) -> list[str]:
        return [badge(row.status)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = back_office_actor(request.user)
        if change:
            said = {name: form.cleaned_data[name] for name in form.changed_data if name in self.columns}
            type(self).change(obj, by, said)
            return
        details = {column: form.cleaned_data[column] for column in self.columns}
        made = type(self).make(by=by, user=obj.user, details=details)
        obj.pk, obj._state = made.pk, made._state

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["status_badge", "created_at", "updated_at", *self.readonly_fields, *(["user_link"] if obj else [])]

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["status", "user"] if obj else ["status"]


VLE_ACTS = [
    setter("activate", "Activate", VleStatus.ACTIVE, set_vle, "good"),
    setter("suspend", "Suspend", VleStatus.SUSPENDED, set_vle, "bad"),
]
OPERATOR_ACTS = [
    setter("activate", "Activate", OperatorStatus.ACTIVE, set_operator, "good"),
    setter("suspend", "Suspend", OperatorStatus.SUSPENDED, set_operator, "bad"),
    setter("archive", "Archive", OperatorStatus.ARCHIVED, set_operator, "quiet"),
]


@admin.register(VleProfile)
class VleProfileAdmin(TerritoryScopedAdmin, ProfileAdmin):
    list_display = ["name", "user_link", "type", "pincode", "status_badge", "created_at"]
    list_filter = ["status", "type"]
    make = create_vle
    columns = ["name", "type", "pincode", "latitude", "longitude"]
    pincode_path = "pincode"
    leases_link = links_to("leases", "lease", "vle", "leases")
    orders_link = links_to("orders", "order", "handler_vle", "orders to handle")
    readonly_fields = ["leases_link", "orders_link"]
    acts = VLE_ACTS
    actions = [as_action(act) for act in VLE_ACTS]

    @staticmethod
    def change(profile: VleProfile, by: Actor, said: dict[str, Any]) -> None:
        change_vle(by=by, profile=profile, changes=said)

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
    make = create_operator
    columns = ["name", "license_number"]
    inlines = [TrainingInline]
    acts = OPERATOR_ACTS
    actions = [as_action(act) for act in OPERATOR_ACTS]

    @staticmethod
    def change(operator: Operator, by: Actor, said: dict[str, Any]) -> None:
        change_operator(by=by, operator=operator, changes=said)

    @admin.display(description="training")
    def training_shown(self, operator: Operator) -> SafeString:
        rows = ((training.device_type_code, *validity_of(training)) for training in operator.training.all())
        return joined(label(f"{code}: {said.lower()}", tone) for code, said, tone in rows) or label("None", "quiet")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("training")
