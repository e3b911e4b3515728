"""Test `GET /orders/{id}/history`."""

import pytest

from accounts.models import Role
from orders.choices import Kind
from orders.services import cancel_order, change_order_status
from tests.support import factories
from tests.support.clients import actor


@pytest.fixture
def lease_order(tractor, ravi):
    return factories.order(Kind.LEASE, tractor, ravi)


def test_the_history_lists_every_change_oldest_first(api, lease_order, meena, ravi):
    change_order_status(lease_order, to="UNDER_REVIEW", by=actor(meena), note="Reviewing")
    change_order_status(lease_order, to="ACCEPTED", by=actor(meena))
    rows = api(ravi, Role.VLE).get(f"/orders/{lease_order.pk}/history").body["data"]
    told = [(row["previousStatus"], row["status"], row["changedBy"], row["note"]) for row in rows]
    assert told == [
        ("INTEREST_RAISED", "UNDER_REVIEW", str(meena.pk), "Reviewing"),
        ("UNDER_REVIEW", "ACCEPTED", str(meena.pk), ""),
    ]
    assert all(set(row) == {"id", "status", "previousStatus", "changedBy", "note", "timestamp"} for row in rows)


def test_a_stranger_sees_no_history(api, lease_order, ravi, charu):
    cancel_order(lease_order, by=actor(ravi, Role.VLE))
    answer = api(charu).get(f"/orders/{lease_order.pk}/history")
    assert (answer.status_code, answer.body["message"]) == (403, "Access denied")


def test_the_history_takes_three_queries(api, lease_order, meena, django_assert_num_queries):
    change_order_status(lease_order, to="ACCEPTED", by=actor(meena))
    client = api(meena)
    with django_assert_num_queries(3):  # who asks, the order, its history
        assert len(client.get(f"/orders/{lease_order.pk}/history").body["data"]) == 1
