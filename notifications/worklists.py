"""Declare the worklist of failed SMS messages."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.days import start_of
from core.worklists import Worklist
from notifications.choices import SmsStatus

LATELY = timedelta(days=6)
"""Days before today, so that the list covers 7 days."""


def _failed_lately() -> Q:
    since = start_of(timezone.localdate() - LATELY)
    return Q(status=SmsStatus.FAILED, created_at__gte=since)


def _today() -> Q:
    return Q(created_at__gte=start_of(timezone.localdate()))


FAILED = Worklist("failed", "failed in 7 days", _failed_lately, _today)
