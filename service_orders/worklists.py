"""Define the worklist of service orders for staff."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.worklists import Worklist
from service_orders.choices import Priority
from service_orders.workflow import ServiceOrderStatus

VERIFICATION_OVERDUE_AFTER = timedelta(days=1)


def _to_verify() -> Q:
    return Q(status=ServiceOrderStatus.PENDING_VERIFICATION)


def _emergency_or_overdue() -> Q:
    return Q(priority=Priority.EMERGENCY) | Q(created_at__lt=timezone.now() - VERIFICATION_OVERDUE_AFTER)


VERIFY = Worklist("verify", "to verify", _to_verify, _emergency_or_overdue)
