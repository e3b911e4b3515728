"""Admin pages of devices: onboarding, corrections and transitions, all through the services."""

from collections.abc import Collection
from typing import Any, cast

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.territory_scope import TerritoryScopedAdmin
from accounts.territories import territory_id_for
from core.admin.actions import NoteActionForm
from core.admin.badges import status_badge
from core.admin.filters import StatusFilter, worklist_filter
from core.admin.stale_forms import EditableAdmin
from core.admin.transitions import TransitionAdmin, bulk_transitions
from devices.admin.columns import DeviceColumns, DeviceTerritoryFilter, LeasedFilter, PhotoFilter, with_photo
from devices.admin.export_columns import DEVICE_COLUMNS
from devices.admin.labels import EFFECTS, NEEDS_NOTE
from devices.admin.onboarding import OnboardingPages
from devices.admin.overview import overview_of
from devices.admin.thumbnails import ThumbnailPages
from devices.forms.details import ADDRESS, COORDINATES, DETAILS, MORE_DETAILS, DeviceForm
from devices.models import Device
from devices.onboarding import with_progress
from devices.queries import DeviceQuerySet
from devices.services import change_device_status, update_device
from devices.workflow import DeviceStatus
from devices.worklists import ONBOARDING, PRICE
from exports.admin.exportable import ExportableAdmin


class EditableDeviceAdmin(OnboardingPages, ThumbnailPages, TransitionAdmin, EditableAdmin):
    """Combine all pages that change a device."""


@admin.register(Device)
class DeviceAdmin(ExportableAdmin, TerritoryScopedAdmin, DeviceColumns, EditableDeviceAdmin):
    pincode_path = "pincode"
    form = DeviceForm
    change_form_template = "admin/devices/device/change_form.html"
    action_form = NoteActionForm
    change_status = staticmethod(change_device_status)
    main_path, labels = DeviceStatus.main_path(), DeviceStatus.actions()
    needs_note = NEEDS_NOTE
    actions = bulk_transitions(change_device_status, DeviceStatus.actions(), needs_note=NEEDS_NOTE)
    status_badge = status_badge
    list_display = [
        *("photo", "name", "status_badge", "device_type", "pincode", "territory", "leased_by", "onboarding"),
        "short_id",
    ]
    list_display_links = ["name"]
    list_filter = [
        *(
            worklist_filter(PRICE, ONBOARDING),
            ("status", StatusFilter),
            DeviceTerritoryFilter,
            LeasedFilter,
            PhotoFilter,
        ),
        *("device_type", "manufacturer"),
    ]
    list_select_related = ["device_type"]
    export_columns = DEVICE_COLUMNS
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = "Name, start of the id, sensor or PIN code"
    fieldsets = [
        ("Device", {"fields": (*DETAILS, *MORE_DETAILS), "classes": ["collapse"]}),
        ("Location", {"fields": (*ADDRESS, "country", *COORDINATES), "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        devices = cast(DeviceQuerySet[Device], super().get_queryset(request)).with_current_lease()
        named = devices.annotate(
            lessee=F("active_lease__vle__name"),
            lease_order_status=F("active_lease__order__status"),
            territory_id=territory_id_for("pincode"),
        )
        return with_photo(with_progress(cast(DeviceQuerySet, named))).order_by("-created_at", "-pk")

    def territory_filter(self, territory_ids: Collection[str]) -> Q:
        # A draft has no PIN code yet, and its author must find it again.
        return super().territory_filter(territory_ids) | Q(status=DeviceStatus.DRAFT, pincode="")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        devices, term = cast(DeviceQuerySet[Device], queryset), term.strip().removeprefix("#")
        return (devices.matching(term) if term else devices), False

    def has_change_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        is_final = obj is not None and obj.is_retired
        return not is_final and super().has_change_permission(request, obj)

    def visited_statuses(self, row: Device) -> Collection[str]:
        changes = row.events.values_list("previous_status", "status")
        return {status for statuses in changes for status in statuses} or super().visited_statuses(row)

    def transition_effect(self, request: HttpRequest, row: Device, to: str) -> str:
        return EFFECTS.get(to, "")

    def no_transition_reason(self, request: HttpRequest, row: Device) -> str:
        return "Retired for ever: it can only be looked at." if row.is_retired else ""

    def save_model(self, request: HttpRequest, obj: Device, form: DeviceForm, change: bool) -> None:
        update_device(obj, by=self.get_actor(request), **form.changes())

    def page_context(self, request: HttpRequest, row: Device) -> dict[str, Any]:
        return super().page_context(request, row) | overview_of(row) | {"show_save_and_add_another": False}
