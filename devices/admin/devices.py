"""Devices in the back office: onboarded, corrected, and moved through the same services as everywhere."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.actors import Actor
from accounts.admin_moves import MovableAdmin
from accounts.admin_territories import TerritoryScopedAdmin
from accounts.territories import territory_id_for
from core.admin.badges import status_badge
from core.admin.filters import StateFilter
from core.admin.saves import KeptAdmin, SavedByService
from core.admin.versions import GuardedAdmin
from core.admin.worklists import worklist_filter
from devices.admin.columns import DeviceColumns, DeviceTerritoryFilter, LeasedFilter, PictureFilter, with_picture
from devices.admin.moves import CONSEQUENCES, MOVES, NEEDS_NOTE, VERBS, NotedActionForm
from devices.admin.onboarding import OnboardingPages
from devices.admin.overview import overview_of
from devices.admin.thumbnails import ThumbnailPages
from devices.admin_columns import DEVICE_COLUMNS
from devices.forms.details import ADDRESS, COORDINATES, MACHINE, DeviceForm
from devices.models import Device
from devices.onboarding import with_progress
from devices.services import change_device_status, update_device
from devices.workflow import DeviceStatus
from devices.worklists import ONBOARDING, PRICE
from exports.admin.exportable import ExportableAdmin

WHERE = [*ADDRESS, "country", *COORDINATES]
MACHINE_DETAILS = ["description", "owner", "manufactured_date", "company_owned", "requires_operator"]


class EditableDevices(OnboardingPages, ThumbnailPages, MovableAdmin, GuardedAdmin, SavedByService, KeptAdmin):
    """Everything that can be done to a device here."""


@admin.register(Device)
class DeviceAdmin(ExportableAdmin, TerritoryScopedAdmin, DeviceColumns, EditableDevices):
    pincode_path = "pincode"
    form = DeviceForm
    change_form_template = "admin/devices/device/change_form.html"
    action_form = NotedActionForm
    actions = MOVES
    road = DeviceStatus.main_path()
    verbs = VERBS
    needs_note = NEEDS_NOTE
    status_badge = status_badge
    list_display = [
        *("picture", "name", "status_badge", "device_type", "pincode", "territory", "leased_by", "onboarding"),
        "short_id",
    ]
    list_display_links = ["name"]
    list_filter = [
        *(
            worklist_filter(PRICE, ONBOARDING),
            ("status", StateFilter),
            DeviceTerritoryFilter,
            LeasedFilter,
            PictureFilter,
        ),
        *("device_type", "manufacturer"),
    ]
    list_select_related = ["device_type"]
    export_columns = DEVICE_COLUMNS
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = "Name, start of the id, sensor or PIN code"
    fieldsets = [
        ("The machine", {"fields": [*MACHINE, *MACHINE_DETAILS], "classes": ["collapse"]}),
        ("Where it stands", {"fields": WHERE, "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        devices = super().get_queryset(request).with_current_lease()
        named = devices.annotate(
            lessee=F("active_lease__vle__name"),
            lease_order_status=F("active_lease__order__status"),
            territory_id=territory_id_for("pincode"),
        )
        return with_picture(with_progress(named)).order_by("-created_at", "-pk")

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        # Whoever enters a machine must find it again before it is said where it stands.
        return super().territory_filter(territory_ids) | Q(status=DeviceStatus.DRAFT, pincode="")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        return (queryset.matching(term.strip().removeprefix("#")) if term.strip() else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        is_final = obj is not None and obj.is_retired
        return not is_final and super().has_change_permission(request, obj)

    def visited(self, row: Device) -> Collection[str]:
        told = row.events.values_list("previous_status", "status")
        return {status for statuses in told for status in statuses} or super().visited(row)

    def move(
        self, row: Device, *, to: str, by: Actor, note: str, expected_updated_at: datetime | None, request: HttpRequest
    ) -> None:
        change_device_status(row, to=to, by=by, note=note or None, expected_updated_at=expected_updated_at)

    def consequence(self, request: HttpRequest, row: Device, to: str) -> str:
        return CONSEQUENCES.get(to, "")

    def why_no_moves(self, request: HttpRequest, row: Device) -> str:
        return "Retired for ever: it can only be looked at." if row.is_retired else ""

    def save_model(self, request: HttpRequest, obj: Device, form: DeviceForm, change: bool) -> None:
        update_device(obj, by=self.by(request), **form.changes())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        if device := context.get("original"):
            context |= overview_of(device) | {"show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **options)
