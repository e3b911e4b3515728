"""Which devices wait for somebody of the staff."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.worklists import Worklist
from devices.models import PricingRule
from devices.workflow import DeviceStatus

PATIENCE = timedelta(days=14)


def _unpriced() -> Q:
    """Searches show no device without a default price for its type at its PIN code."""
    rules = PricingRule.objects.active().defaults()
    of_the_device = rules.filter(device_type=OuterRef("device_type"), pincode=OuterRef("pincode"))
    return ~Q(status=DeviceStatus.RETIRED) & ~Q(Exists(of_the_device))


def _live() -> Q:
    return Q(status=DeviceStatus.LIVE)


def _draft() -> Q:
    return Q(status=DeviceStatus.DRAFT)


def _left_lying() -> Q:
    return Q(created_at__lt=timezone.now() - PATIENCE)


PRICE = Worklist("price", "without a price", _unpriced, _live)
ONBOARDING = Worklist("onboarding", "drafts in onboarding", _draft, _left_lying)
