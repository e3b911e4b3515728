"""Declare the statuses of a lease and the transitions between them, one per line."""

from core.state_machine import StateModel, state_field, transition
from core.statuses import Status, Tone, status
from leases.policies import must_manage_leases


class LeaseStatus(Status):
    ACTIVE = status("ACTIVE", "Active", action="", tone=Tone.GOOD)
    COMPLETED = status("COMPLETED", "Completed", action="Complete", tone=Tone.QUIET, final=True)
    TERMINATED = status("TERMINATED", "Terminated", action="Terminate", tone=Tone.BAD, final=True, on_main_path=False)


S = LeaseStatus


class LeaseWorkflow(StateModel):
    status = state_field(S, default=S.ACTIVE)

    class Meta:
        abstract = True

    @transition(S.ACTIVE, to=S.COMPLETED, by=must_manage_leases)
    def complete(self) -> None: ...

    @transition(S.ACTIVE, to=S.TERMINATED, by=must_manage_leases)
    def terminate(self) -> None: ...
