"""Test intents: usable once, for 30 minutes, by the user who noted them; others are ignored silently."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from orders.choices import Kind
from orders.intents import consume_intent, note_intent
from orders.models import Intent
from tests.support import factories


def intent_about(device, user=None):
    return note_intent(user=user, device=device, kind=Kind.RENT, requested_hours=Decimal(8))


@pytest.fixture
def rent(leased_tractor, asha):
    return factories.order(Kind.RENT, leased_tractor, asha)


def test_an_intent_expires_after_30_minutes(leased_tractor, asha):
    with time_machine.travel("2024-01-08T12:00:00Z", tick=False):
        intent = intent_about(leased_tractor, asha)
    assert intent.expires_at - intent.created_at == timedelta(minutes=30)
    assert (intent.user, intent.device, intent.kind, intent.order) == (asha, leased_tractor, "RENT", None)


def test_an_order_consumes_the_intent_it_names(rent, leased_tractor, asha):
    intent = intent_about(leased_tractor, asha)
    assert consume_intent(str(intent.pk), user=asha, order=rent)
    intent.refresh_from_db()
    assert intent.order == rent


def test_an_anonymous_intent_may_be_used_by_any_user(rent, leased_tractor, asha):
    assert consume_intent(str(intent_about(leased_tractor).pk), user=asha, order=rent)


def test_an_intent_is_consumed_once(rent, leased_tractor, asha):
    intent = intent_about(leased_tractor, asha)
    consume_intent(str(intent.pk), user=asha, order=rent)
    later = factories.order(Kind.RENT, leased_tractor, asha)
    assert not consume_intent(str(intent.pk), user=asha, order=later)
    intent.refresh_from_db()
    assert intent.order == rent


def test_an_intent_of_another_user_is_ignored(rent, leased_tractor, asha, charu):
    intent = intent_about(leased_tractor, charu)
    assert not consume_intent(str(intent.pk), user=asha, order=rent)
    assert not Intent.objects.exclude(order=None).exists()


def test_an_intent_about_another_device_is_ignored(rent, asha):
    intent = intent_about(factories.device("Harvester"), asha)
    assert not consume_intent(str(intent.pk), user=asha, order=rent)


def test_an_expired_intent_is_ignored(rent, leased_tractor, asha):
    with time_machine.travel(timezone.now() - timedelta(minutes=30, seconds=1)):
        intent = intent_about(leased_tractor, asha)
    assert not consume_intent(str(intent.pk), user=asha, order=rent)


@pytest.mark.parametrize(
    "sent", [None, "", "abc", 7, 1.5, True, [], {}, "\x00", "x" * 5000, factories.UNKNOWN, UUID(factories.UNKNOWN)]
)
def test_an_unknown_or_malformed_id_is_ignored(rent, asha, sent):
    assert not consume_intent(sent, user=asha, order=rent)


def test_noting_an_intent_deletes_expired_unused_ones(rent, leased_tractor, asha):
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        used, _forgotten = intent_about(leased_tractor, asha), intent_about(leased_tractor)
        consume_intent(used.pk, user=asha, order=rent)
    fresh = intent_about(leased_tractor)
    assert set(Intent.objects.all()) == {used, fresh}
