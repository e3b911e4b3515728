"""Define the worklists of leases: those that wait for staff."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.worklists import Worklist
from leases.workflow import LeaseStatus

SOON = timedelta(days=7)


def _ending() -> Q:
    today = timezone.localdate()
    return Q(status=LeaseStatus.ACTIVE, end_date__range=(today, today + SOON))


def _ending_today() -> Q:
    return Q(end_date=timezone.localdate())


def _overdue() -> Q:
    return Q(status=LeaseStatus.ACTIVE, end_date__lt=timezone.localdate())


ENDING = Worklist("ending", "ending in 7 days", _ending, _ending_today)
OVERDUE = Worklist("overdue", "past their end", _overdue, _overdue)
