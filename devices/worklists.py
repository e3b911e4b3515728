"""Define the worklists of devices: those that wait for staff."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.worklists import Worklist
from devices.models import PricingRule
from devices.workflow import DeviceStatus

DRAFT_EXPECTED_AGE = timedelta(days=14)


def _unpriced() -> Q:
    """Match devices without a default price for their type at their PIN code; searches leave them out."""
    rules = PricingRule.objects.active().defaults()
    of_the_device = rules.filter(device_type=OuterRef("device_type"), pincode=OuterRef("pincode"))
    return ~Q(status=DeviceStatus.RETIRED) & ~Q(Exists(of_the_device))


def _live() -> Q:
    return Q(status=DeviceStatus.LIVE)


def _draft() -> Q:
    return Q(status=DeviceStatus.DRAFT)


def _overdue_draft() -> Q:
    return Q(created_at__lt=timezone.now() - DRAFT_EXPECTED_AGE)


PRICE = Worklist("price", "without a price", _unpriced, _live)
ONBOARDING = Worklist("onboarding", "drafts in onboarding", _draft, _overdue_draft)
