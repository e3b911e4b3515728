"""Moving devices along their life in the back office, one or many, with the reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import back_office_actor
from core.errors import DomainError
from core.notes import MAX_NOTE
from devices.services import change_device_status
from devices.workflow import DeviceStatus

NEEDS_NOTE = (DeviceStatus.NOT_LIVE, DeviceStatus.UNDER_MAINTENANCE, DeviceStatus.RETIRED)
SAY_WHY = "Say why, in the note beside the action"
VERBS = DeviceStatus.actions()
CONSEQUENCES = {
    DeviceStatus.LIVE: "Farmers and VLEs find it at once.",
    DeviceStatus.ONBOARDED: "Shown to those who log in, not yet in searches.",
    DeviceStatus.NOT_LIVE: "No longer found; bookings stay.",
    DeviceStatus.UNDER_MAINTENANCE: "Not found until it is live again; bookings stay.",
    DeviceStatus.RETIRED: "Cannot be undone.",
}


class NotedActionForm(ActionForm):
    """The row of actions above a list, with room to say why."""

    note = forms.CharField(
        required=False,
        max_length=MAX_NOTE,
        label="Note",
        widget=forms.TextInput({"placeholder": "Why, where it matters"}),
    )


def mover(name: str, to: DeviceStatus) -> Callable[..., None]:
    """An action that moves every chosen device to `to`, and says of each what came of it."""
    verb = VERBS[to]

    @admin.action(description=verb, permissions=["change"])
    def action(self: admin.ModelAdmin, request: HttpRequest, devices: QuerySet) -> None:
        note = request.POST.get("note", "").strip()[:MAX_NOTE]
        if to in NEEDS_NOTE and not note:
            self.message_user(request, SAY_WHY, messages.ERROR)
            return
        for device in devices:
            _move(self, request, device, to, note)

    action.__name__ = name
    return action


def _move(page: admin.ModelAdmin, request: HttpRequest, device: Any, to: DeviceStatus, note: str) -> None:
    try:
        change_device_status(device, to=to, note=note, by=back_office_actor(request.user))  # type: ignore[arg-type]
    except DomainError as refusal:
        page.message_user(request, f"{device}: {refusal}", messages.ERROR)
    else:
        page.log_change(request, device, VERBS[to])
        page.message_user(request, f"{device}: {VERBS[to].lower()} done")


MOVES = [mover(f"move_to_{to.lower()}", to) for to in DeviceStatus if to.action]
