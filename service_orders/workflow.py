"""How a service order lives: the contract's table, one arrow per line."""

from django.db import models

from core.state_machine import StateModel, state_field, transition
from service_orders.policies import must_be_creator_or_verify, must_verify


class ServiceOrderStatus(models.TextChoices):
    PENDING_VERIFICATION = "pending_verification"
    VERIFIED = "verified"
    REJECTED = "rejected"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


S = ServiceOrderStatus


class ServiceOrderWorkflow(StateModel):
    status = state_field(S, default=S.PENDING_VERIFICATION)

    class Meta:
        abstract = True

    @transition(S.PENDING_VERIFICATION, to=S.VERIFIED, by=must_verify)
    def verify(self): ...

    @transition(S.PENDING_VERIFICATION, to=S.REJECTED, by=must_verify)
    def reject(self): ...

    @transition(S.VERIFIED, to=S.COMPLETED, by=must_verify)
    def complete(self): ...

    @transition(S.VERIFIED, S.REJECTED, to=S.CANCELLED, by=must_be_creator_or_verify)
    def cancel(self): ...

    @transition(S.REJECTED, to=S.PENDING_VERIFICATION, by=must_be_creator_or_verify)
    def resubmit(self): ...
