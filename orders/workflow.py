"""How an order lives: the contract's diagram, one arrow per line."""

from django.db import models

from core.state_machine import StateModel, state_field, transition
from orders.policies import must_be_requester, must_handle


class OrderStatus(models.TextChoices):
    DRAFT = "DRAFT"
    INTEREST_RAISED = "INTEREST_RAISED"
    UNDER_REVIEW = "UNDER_REVIEW"
    ACCEPTED = "ACCEPTED"
    PICKUP_SCHEDULED = "PICKUP_SCHEDULED"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


S = OrderStatus
BOOKED = (S.ACCEPTED, S.PICKUP_SCHEDULED, S.ACTIVE, S.COMPLETED)
"""States in which an order holds its device: never two of one kind on the same day."""


class OrderWorkflow(StateModel):
    status = state_field(S, default=S.DRAFT)

    class Meta:
        abstract = True

    @transition(S.DRAFT, to=S.INTEREST_RAISED, by=must_be_requester)
    def raise_interest(self): ...

    @transition(S.INTEREST_RAISED, to=S.UNDER_REVIEW, by=must_handle)
    def review(self): ...

    @transition(S.INTEREST_RAISED, S.UNDER_REVIEW, to=S.ACCEPTED, by=must_handle)
    def accept(self): ...

    @transition(S.INTEREST_RAISED, S.UNDER_REVIEW, to=S.REJECTED, by=must_handle)
    def reject(self): ...

    @transition(S.INTEREST_RAISED, to=S.CANCELLED, by=must_be_requester)
    def cancel(self): ...

    @transition(S.ACCEPTED, to=S.PICKUP_SCHEDULED, by=must_handle)
    def schedule_pickup(self): ...

    @transition(S.PICKUP_SCHEDULED, to=S.ACTIVE, by=must_handle)
    def hand_over(self): ...

    @transition(S.ACTIVE, to=S.COMPLETED, by=must_handle)
    def complete(self): ...

    @transition(S.COMPLETED, to=S.CLOSED, by=must_handle)
    def close(self): ...
