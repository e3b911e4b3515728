"""How a lease ends."""

from django.db import models

from core.state_machine import StateModel, state_field, transition
from leases.policies import must_manage_leases


class LeaseStatus(models.TextChoices):
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    TERMINATED = "TERMINATED"


S = LeaseStatus


class LeaseWorkflow(StateModel):
    status = state_field(S, default=S.ACTIVE)

    class Meta:
        abstract = True

    @transition(S.ACTIVE, to=S.COMPLETED, by=must_manage_leases)
    def complete(self): ...

    @transition(S.ACTIVE, to=S.TERMINATED, by=must_manage_leases)
    def terminate(self): ...
