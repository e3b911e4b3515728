"""Report whether an operator is trained for a type of device, and until when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import DateField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import OperatorTraining
from core.statuses import Tone

WITHOUT_END = date.max
"""The last day of a certificate without an end date."""


class TrainingState(StrEnum):
    NONE = "none"
    EXPIRED = "expired"
    ENDING = "ending"
    VALID = "valid"


TONES = {
    TrainingState.NONE: Tone.BAD,
    TrainingState.EXPIRED: Tone.BAD,
    TrainingState.ENDING: Tone.WAITING,
    TrainingState.VALID: Tone.GOOD,
}


@dataclass(frozen=True)
class Training:
    """Represent an operator's training for one type of device, with a label and a tone."""

    state: TrainingState
    label: str

    @property
    def tone(self) -> str:
        return TONES[self.state]


def trained_until(operator: str, device_type: Combinable | str) -> Subquery:
    """Build an annotation: the last day of the longest certificate for a device type, WITHOUT_END, or None without any.

    `operator` is the path to the operator's key; `device_type` a code, or an OuterRef to one.
    """
    certificates = OperatorTraining.objects.filter(operator=OuterRef(operator), device_type_code=device_type)
    last_day = Coalesce("valid_till", Value(WITHOUT_END), output_field=DateField())
    return Subquery(certificates.order_by(last_day.desc()).values(last=last_day)[:1], output_field=DateField())


def training_until(last_day: date | None, *, needed_until: date | None = None) -> Training:
    """Evaluate training that is valid until `last_day` (of `trained_until`) for a lease that ends on `needed_until`."""
    if last_day is None:
        return Training(TrainingState.NONE, "No training for this type")
    if last_day < timezone.localdate():
        return Training(TrainingState.EXPIRED, f"Training expired on {_format_day(last_day)}")
    if needed_until is not None and last_day < needed_until:
        return Training(TrainingState.ENDING, f"Trained until {_format_day(last_day)}, before the lease ends")
    if last_day == WITHOUT_END:
        return Training(TrainingState.VALID, "Trained, without an end date")
    return Training(TrainingState.VALID, f"Trained until {_format_day(last_day)}")


def _format_day(day: date) -> str:
    return date_format(day, "j M Y")
