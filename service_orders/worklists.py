"""Which service orders wait for somebody of the staff."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.worklists import Worklist
from service_orders.workflow import ServiceOrderStatus

PATIENCE = timedelta(days=1)


def _to_verify() -> Q:
    return Q(status=ServiceOrderStatus.PENDING_VERIFICATION)


def _emergency_or_waiting_long() -> Q:
    return Q(priority="emergency") | Q(created_at__lt=timezone.now() - PATIENCE)


VERIFY = Worklist("verify", "to verify", _to_verify, _emergency_or_waiting_long)
