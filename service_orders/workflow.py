"""Declare the statuses of a service order and the transitions between them: the contract's table, one per line."""

from core.state_machine import StateModel, state_field, transition
from core.statuses import Column, Status, Tone, status
from service_orders.policies import must_be_creator_or_verify, must_verify


class ServiceOrderStatus(Status):
    PENDING_VERIFICATION = status(
        "pending_verification",
        "Pending verification",
        action="Submit again",
        tone=Tone.WAITING,
        column=Column.NEW,
    )
    VERIFIED = status("verified", "Verified", action="Verify", tone=Tone.GOOD, column=Column.ACCEPTED)
    REJECTED = status("rejected", "Rejected", action="Reject", tone=Tone.BAD, column=Column.ENDED, on_main_path=False)
    COMPLETED = status("completed", "Completed", action="Complete", tone=Tone.QUIET, column=Column.ENDED, final=True)
    CANCELLED = status(
        "cancelled",
        "Cancelled",
        action="Cancel the order",
        tone=Tone.BAD,
        column=Column.ENDED,
        final=True,
        on_main_path=False,
    )


S = ServiceOrderStatus


class ServiceOrderWorkflow(StateModel):
    status = state_field(S, default=S.PENDING_VERIFICATION)

    class Meta:
        abstract = True

    @transition(S.PENDING_VERIFICATION, to=S.VERIFIED, by=must_verify)
    def verify(self) -> None: ...

    @transition(S.PENDING_VERIFICATION, to=S.REJECTED, by=must_verify)
    def reject(self) -> None: ...

    @transition(S.VERIFIED, to=S.COMPLETED, by=must_verify)
    def complete(self) -> None: ...

    @transition(S.VERIFIED, S.REJECTED, to=S.CANCELLED, by=must_be_creator_or_verify)
    def cancel(self) -> None: ...

    @transition(S.REJECTED, to=S.PENDING_VERIFICATION, by=must_be_creator_or_verify)
    def resubmit(self) -> None: ...
