"""Worklists of operators."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.choices import OperatorStatus
from accounts.models import OperatorTraining
from accounts.training import EXPIRY_NOTICE
from core.worklists import Worklist


def _trained_until(last_day: date) -> Q:
    """Return a condition for active operators with a training that ends by then and no longer one of the same kind."""
    longer = OperatorTraining.objects.filter(
        Q(valid_till__isnull=True) | Q(valid_till__gt=last_day),
        operator=OuterRef("operator"),
        device_type_code=OuterRef("device_type_code"),
    )
    ending = OperatorTraining.objects.filter(~Exists(longer), operator=OuterRef("pk"), valid_till__lte=last_day)
    return Q(status=OperatorStatus.ACTIVE) & Q(Exists(ending))


def _expiring() -> Q:
    return _trained_until(timezone.localdate() + EXPIRY_NOTICE)


def _expired() -> Q:
    return _trained_until(timezone.localdate() - timedelta(days=1))


TRAINING = Worklist("training", "training ends in 30 days", _expiring, _expired)
