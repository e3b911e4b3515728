"""An intent is good once, for 30 minutes, for whoever noted it; anything else is ignored without a word."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from orders.intents import consume_intent, note_intent
from orders.models import Intent, Kind
from tests.support import factories


def wish(device, user=None):
    return note_intent(user=user, device=device, kind=Kind.RENT, requested_hours=Decimal(8))


@pytest.fixture
def rent(leased_tractor, asha):
    return factories.order(Kind.RENT, leased_tractor, asha)


def test_an_intent_is_good_for_30_minutes(leased_tractor, asha):
    with time_machine.travel("2024-01-08T12:00:00Z", tick=False):
        intent = wish(leased_tractor, asha)
    assert intent.expires_at - intent.created_at == timedelta(minutes=30)
    assert (intent.user, intent.device, intent.kind, intent.order) == (asha, leased_tractor, "RENT", None)


def test_an_order_consumes_the_intent_it_names(rent, leased_tractor, asha):
    intent = wish(leased_tractor, asha)
    assert consume_intent(str(intent.pk), user=asha, order=rent)
    intent.refresh_from_db()
    assert intent.order == rent


def test_an_intent_noted_before_logging_in_may_be_used_by_whoever_knows_it(rent, leased_tractor, asha):
    assert consume_intent(str(wish(leased_tractor).pk), user=asha, order=rent)


def test_an_intent_is_good_once(rent, leased_tractor, asha):
    intent = wish(leased_tractor, asha)
    consume_intent(str(intent.pk), user=asha, order=rent)
    later = factories.order(Kind.RENT, leased_tractor, asha)
    assert not consume_intent(str(intent.pk), user=asha, order=later)
    intent.refresh_from_db()
    assert intent.order == rent


def test_an_intent_of_somebody_else_is_ignored(rent, leased_tractor, asha, charu):
    intent = wish(leased_tractor, charu)
    assert not consume_intent(str(intent.pk), user=asha, order=rent)
    assert not Intent.objects.exclude(order=None).exists()


def test_an_intent_about_another_device_is_ignored(rent, asha):
    intent = wish(factories.device("Harvester"), asha)
    assert not consume_intent(str(intent.pk), user=asha, order=rent)


def test_an_expired_intent_is_ignored(rent, leased_tractor, asha):
    with time_machine.travel(timezone.now() - timedelta(minutes=30, seconds=1)):
        intent = wish(leased_tractor, asha)
    assert not consume_intent(str(intent.pk), user=asha, order=rent)


@pytest.mark.parametrize(
    "sent", [None, "", "abc", 7, 1.5, True, [], {}, "\x00", "x" * 5000, factories.UNKNOWN, UUID(factories.UNKNOWN)]
)
def test_what_names_no_intent_is_ignored(rent, asha, sent):
    assert not consume_intent(sent, user=asha, order=rent)


def test_noting_a_wish_sweeps_expired_ones_but_not_those_that_became_orders(rent, leased_tractor, asha):
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        used, _forgotten = wish(leased_tractor, asha), wish(leased_tractor)
        consume_intent(used.pk, user=asha, order=rent)
    fresh = wish(leased_tractor)
    assert set(Intent.objects.all()) == {used, fresh}
