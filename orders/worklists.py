"""Define the worklists of orders for staff."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.worklists import Worklist
from orders.choices import Kind
from orders.workflow import OrderStatus

REVIEW_OVERDUE_AFTER = timedelta(days=2)


def _to_review() -> Q:
    return Q(kind=Kind.LEASE, status__in=[OrderStatus.INTEREST_RAISED, OrderStatus.UNDER_REVIEW])


def _review_overdue() -> Q:
    return Q(created_at__lt=timezone.now() - REVIEW_OVERDUE_AFTER)


def _pickup_due() -> Q:
    return Q(status=OrderStatus.PICKUP_SCHEDULED, start_date__lte=timezone.localdate())


def _pickup_overdue() -> Q:
    return Q(start_date__lt=timezone.localdate())


REVIEW = Worklist("review", "to review", _to_review, _review_overdue)
PICKUP = Worklist("pickup", "pickup today or overdue", _pickup_due, _pickup_overdue)
