"""Declare the statuses of an order and the transitions between them: the contract's diagram, one per line."""

from core.state_machine import StateModel, state_field, transition
from core.statuses import Column, Status, Tone, status
from orders.policies import must_be_requester, must_handle


class OrderStatus(Status):
    DRAFT = status("DRAFT", "Draft", action="", tone=Tone.WAITING, on_main_path=False)
    INTEREST_RAISED = status("INTEREST_RAISED", "Interest raised", action="", tone=Tone.WAITING, column=Column.NEW)
    UNDER_REVIEW = status("UNDER_REVIEW", "Under review", action="Start review", tone=Tone.MOVING, column=Column.REVIEW)
    ACCEPTED = status("ACCEPTED", "Accepted", action="Accept", tone=Tone.GOOD, column=Column.ACCEPTED, books=True)
    PICKUP_SCHEDULED = status(
        "PICKUP_SCHEDULED",
        "Pickup scheduled",
        action="Schedule pickup",
        tone=Tone.MOVING,
        column=Column.PICKUP,
        books=True,
    )
    ACTIVE = status("ACTIVE", "Active", action="Hand over", tone=Tone.GOOD, column=Column.ACTIVE, books=True)
    COMPLETED = status(
        "COMPLETED", "Completed", action="Complete", tone=Tone.QUIET, column=Column.COMPLETED, books=True
    )
    CLOSED = status("CLOSED", "Closed", action="Close", tone=Tone.QUIET, column=Column.ENDED, final=True)
    REJECTED = status(
        "REJECTED", "Rejected", action="Reject", tone=Tone.BAD, column=Column.ENDED, final=True, on_main_path=False
    )
    CANCELLED = status(
        "CANCELLED", "Cancelled", action="", tone=Tone.BAD, column=Column.ENDED, final=True, on_main_path=False
    )


S = OrderStatus
BOOKED = S.booked()
"""Statuses in which an order holds its device: never two of one kind on the same day."""


class OrderWorkflow(StateModel):
    status = state_field(S, default=S.DRAFT)

    class Meta:
        abstract = True

    @transition(S.DRAFT, to=S.INTEREST_RAISED, by=must_be_requester)
    def raise_interest(self) -> None: ...

    @transition(S.INTEREST_RAISED, to=S.UNDER_REVIEW, by=must_handle)
    def review(self) -> None: ...

    @transition(S.INTEREST_RAISED, S.UNDER_REVIEW, to=S.ACCEPTED, by=must_handle)
    def accept(self) -> None: ...

    @transition(S.INTEREST_RAISED, S.UNDER_REVIEW, to=S.REJECTED, by=must_handle)
    def reject(self) -> None: ...

    @transition(S.INTEREST_RAISED, to=S.CANCELLED, by=must_be_requester)
    def cancel(self) -> None: ...

    @transition(S.ACCEPTED, to=S.PICKUP_SCHEDULED, by=must_handle)
    def schedule_pickup(self) -> None: ...

    @transition(S.PICKUP_SCHEDULED, to=S.ACTIVE, by=must_handle)
    def hand_over(self) -> None: ...

    @transition(S.ACTIVE, to=S.COMPLETED, by=must_handle)
    def complete(self) -> None: ...

    @transition(S.COMPLETED, to=S.CLOSED, by=must_handle)
    def close(self) -> None: ...
