"""Whether an operator has learnt to drive a type of device, and for how long that holds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import DateField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import OperatorTraining

WITHOUT_END = date.max
"""The last day of a certificate that names none."""


class State(StrEnum):
    NONE = "none"
    EXPIRED = "expired"
    ENDING = "ending"
    VALID = "valid"


TONES = {State.NONE: "bad", State.EXPIRED: "bad", State.ENDING: "waiting", State.VALID: "good"}


@dataclass(frozen=True)
class Training:
    """What an operator's training for one type of device is worth, in a word and in a colour."""

    state: State
    label: str

    @property
    def tone(self) -> str:
        return TONES[self.state]


def trained_until(operator: str, device_type: Combinable | str) -> Expression:
    """As a column: the last day of the best certificate for a type of device, WITHOUT_END, or None without any.

    `operator` is the path to the operator's key; `device_type` a code, or an OuterRef to one.
    """
    certificates = OperatorTraining.objects.filter(operator=OuterRef(operator), device_type_code=device_type)
    last_day = Coalesce("valid_till", Value(WITHOUT_END), output_field=DateField())
    return Subquery(certificates.order_by(last_day.desc()).values(last=last_day)[:1], output_field=DateField())


def training_until(last_day: date | None, *, needed_until: date | None = None) -> Training:
    """What training up to `last_day` (from `trained_until`) is worth for work that lasts until `needed_until`."""
    if last_day is None:
        return Training(State.NONE, "No training for this type")
    if last_day < timezone.localdate():
        return Training(State.EXPIRED, f"Training expired on {_said(last_day)}")
    if needed_until is not None and last_day < needed_until:
        return Training(State.ENDING, f"Trained until {_said(last_day)}, before the lease ends")
    if last_day == WITHOUT_END:
        return Training(State.VALID, "Trained, without an end date")
    return Training(State.VALID, f"Trained until {_said(last_day)}")


def _said(day: date) -> str:
    return date_format(day, "j M Y")
