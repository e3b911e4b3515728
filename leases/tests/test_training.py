"""Test the evaluation of an operator's training."""

from datetime import date

import pytest
from django.db.models import Value

from accounts.models import Operator
from leases.training import WITHOUT_END, trained_until, training_until

TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-03-10T12:00:00+05:30", tick=False)


@pytest.mark.parametrize(
    ("last_day", "needed_until", "label", "tone"),
    [
        (None, None, "No training for this type", "bad"),
        (date(2026, 3, 9), None, "Training expired on 9 Mar 2026", "bad"),
        (date(2026, 3, 10), None, "Trained until 10 Mar 2026", "good"),
        (date(2026, 4, 1), date(2026, 4, 1), "Trained until 1 Apr 2026", "good"),
        (date(2026, 4, 1), date(2026, 4, 2), "Trained until 1 Apr 2026, before the lease ends", "waiting"),
        (WITHOUT_END, date(2030, 1, 1), "Trained, without an end date", "good"),
    ],
)
def test_training_has_a_label_and_a_tone(last_day, needed_until, label, tone):
    training = training_until(last_day, needed_until=needed_until)
    assert (training.label, training.tone) == (label, tone)


def test_the_longest_certificate_for_the_type_counts(farid):
    def certificate(code, last_day):
        farid.training.create(device_type_code=code, valid_till=last_day)

    def until():
        return Operator.objects.values_list(trained_until("pk", Value("TRACTOR")), flat=True).get()

    certificate("HARVESTER", date(2040, 1, 1))
    assert until() is None
    certificate("TRACTOR", date(2026, 1, 1))
    certificate("TRACTOR", date(2027, 1, 1))
    assert until() == date(2027, 1, 1)
    certificate("TRACTOR", None)
    assert until() == WITHOUT_END
