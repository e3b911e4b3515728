"""Test concurrent requests."""

from functools import partial

import pytest

from events.models import OrderEvent
from service_orders.models import ServiceOrder
from tests.support.clients import api_client
from tests.support.races import statuses, together

pytestmark = pytest.mark.django_db(transaction=True)


def change_by(person, order, status):
    client = api_client(person, territory="pune")
    return partial(client.put, f"/orders/{order.pk}/status", {"status": status})


def test_of_two_concurrent_verifiers_one_wins(order, meena):
    answers = together(*[change_by(meena, order, to) for to in ("verified", "rejected") * 5])
    assert statuses(answers) == {200: 1, 400: 9}
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert {answer.body["error"]["code"] for answer in answers if answer is not winner} == {"INVALID_STATUS"}
    order.refresh_from_db()
    assert order.status == winner.body["data"]["status"]
    assert str(OrderEvent.objects.get().pk) == winner.body["data"]["audit_id"]


def test_concurrent_completion_and_cancellation(order, ravi, meena):
    api_client(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "verified"})
    acts = [change_by(meena, order, "completed"), change_by(ravi, order, "cancelled")] * 4
    assert statuses(together(*acts)) == {200: 1, 400: 7}
    assert OrderEvent.objects.count() == 2
    assert OrderEvent.objects.order_by("seq").last().status == ServiceOrder.objects.get().status


def test_concurrent_orders_get_feed_numbers_without_gaps(pune, ravi, order_body):
    clients = [api_client(ravi, territory="pune") for _ in range(10)]
    answers = together(*[partial(client.post, "/orders", order_body) for client in clients])
    assert statuses(answers) == {201: 10}
    assert len({answer.body["data"]["tracking_id"] for answer in answers}) == 10
    assert sorted(OrderEvent.objects.values_list("seq", flat=True)) == list(range(1, 11))
