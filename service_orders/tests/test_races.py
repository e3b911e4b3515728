"""Rivals at the same moment."""

from functools import partial

import pytest

from events.models import OrderEvent
from service_orders.models import ServiceOrder
from tests.support.clients import api_client
from tests.support.races import statuses, together

pytestmark = pytest.mark.django_db(transaction=True)


def moving(person, order, status):
    client = api_client(person, territory="pune")
    return partial(client.put, f"/orders/{order.pk}/status", {"status": status})


def test_of_two_verifiers_at_once_one_wins(order, meena):
    answers = together(*[moving(meena, order, to) for to in ("verified", "rejected") * 5])
    assert statuses(answers) == {200: 1, 400: 9}
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert {answer.body["error"]["code"] for answer in answers if answer is not winner} == {"INVALID_STATUS"}
    order.refresh_from_db()
    assert order.status == winner.body["data"]["status"]
    assert str(OrderEvent.objects.get().pk) == winner.body["data"]["audit_id"]


def test_completed_and_cancelled_at_once(order, ravi, meena):
    api_client(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "verified"})
    acts = [moving(meena, order, "completed"), moving(ravi, order, "cancelled")] * 4
    assert statuses(together(*acts)) == {200: 1, 400: 7}
    assert OrderEvent.objects.count() == 2
    assert OrderEvent.objects.order_by("seq").last().status == ServiceOrder.objects.get().status


def test_many_placed_at_once_are_numbered_without_gaps(pune, ravi, wish):
    clients = [api_client(ravi, territory="pune") for _ in range(10)]
    answers = together(*[partial(client.post, "/orders", wish) for client in clients])
    assert statuses(answers) == {201: 10}
    assert len({answer.body["data"]["tracking_id"] for answer in answers}) == 10
    assert sorted(OrderEvent.objects.values_list("seq", flat=True)) == list(range(1, 11))
