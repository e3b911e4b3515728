"""Declare the statuses of a device and the transitions between them, one per line."""

from core.state_machine import StateModel, state_field, transition
from core.statuses import Status, Tone, status
from devices.policies import must_manage_devices


class DeviceStatus(Status):
    DRAFT = status("DRAFT", "Draft", action="", tone=Tone.WAITING)
    ONBOARDED = status("ONBOARDED", "Onboarded", action="Onboard", tone=Tone.MOVING)
    LIVE = status("LIVE", "Live", action="Take live", tone=Tone.GOOD)
    NOT_LIVE = status("NOT_LIVE", "Not live", action="Take off the market", tone=Tone.QUIET, on_main_path=False)
    UNDER_MAINTENANCE = status(
        "UNDER_MAINTENANCE", "Under maintenance", action="Send to maintenance", tone=Tone.BAD, on_main_path=False
    )
    RETIRED = status("RETIRED", "Retired", action="Retire for ever", tone=Tone.QUIET, final=True, on_main_path=False)


S = DeviceStatus


class DeviceWorkflow(StateModel):
    status = state_field(S, default=S.DRAFT)

    class Meta:
        abstract = True

    @transition(S.DRAFT, to=S.ONBOARDED, by=must_manage_devices)
    def onboard(self) -> None: ...

    @transition(S.DRAFT, S.ONBOARDED, S.NOT_LIVE, S.UNDER_MAINTENANCE, to=S.LIVE, by=must_manage_devices)
    def take_live(self) -> None: ...

    @transition(S.LIVE, to=S.NOT_LIVE, by=must_manage_devices)
    def take_off(self) -> None: ...

    @transition(S.LIVE, to=S.UNDER_MAINTENANCE, by=must_manage_devices)
    def maintain(self) -> None: ...

    @transition(S.DRAFT, S.ONBOARDED, S.LIVE, S.NOT_LIVE, S.UNDER_MAINTENANCE, to=S.RETIRED, by=must_manage_devices)
    def retire(self) -> None: ...
