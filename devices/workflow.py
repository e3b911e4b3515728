"""How a device lives: the arrows between its states."""

from django.db import models

from core.state_machine import StateModel, state_field, transition
from devices.policies import must_manage_devices


class DeviceStatus(models.TextChoices):
    DRAFT = "DRAFT"
    ONBOARDED = "ONBOARDED"
    LIVE = "LIVE"
    NOT_LIVE = "NOT_LIVE"
    UNDER_MAINTENANCE = "UNDER_MAINTENANCE"
    RETIRED = "RETIRED"


S = DeviceStatus


class DeviceWorkflow(StateModel):
    status = state_field(S, default=S.DRAFT)

    class Meta:
        abstract = True

    @transition(S.DRAFT, to=S.ONBOARDED, by=must_manage_devices)
    def onboard(self): ...

    @transition(S.DRAFT, S.ONBOARDED, S.NOT_LIVE, S.UNDER_MAINTENANCE, to=S.LIVE, by=must_manage_devices)
    def take_live(self): ...

    @transition(S.LIVE, to=S.NOT_LIVE, by=must_manage_devices)
    def take_off(self): ...

    @transition(S.LIVE, to=S.UNDER_MAINTENANCE, by=must_manage_devices)
    def maintain(self): ...

    @transition(S.DRAFT, S.ONBOARDED, S.LIVE, S.NOT_LIVE, S.UNDER_MAINTENANCE, to=S.RETIRED, by=must_manage_devices)
    def retire(self): ...
