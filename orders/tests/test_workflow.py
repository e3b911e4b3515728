"""Test the declared transitions against the contract's tables, pair by pair, through the API."""

import pytest

from accounts.models import Role
from orders.choices import Kind
from orders.models import Order
from orders.services import change_order_status
from orders.workflow import BOOKED
from tests.support import factories
from tests.support.clients import actor

CONTRACT = {
    "DRAFT": ["INTEREST_RAISED"],
    "INTEREST_RAISED": ["UNDER_REVIEW", "ACCEPTED", "REJECTED", "CANCELLED"],
    "UNDER_REVIEW": ["ACCEPTED", "REJECTED"],
    "ACCEPTED": ["PICKUP_SCHEDULED"],
    "PICKUP_SCHEDULED": ["ACTIVE"],
    "ACTIVE": ["COMPLETED"],
    "COMPLETED": ["CLOSED"],
    "CLOSED": [],
    "REJECTED": [],
    "CANCELLED": [],
}
PAIRS = [(start, to) for start in CONTRACT for to in CONTRACT]


def expected_answer(start: str, to: str) -> tuple[int, str]:
    """Return what a handler who requests this transition by PATCH gets."""
    if to == "REJECTED" and start not in ("INTEREST_RAISED", "UNDER_REVIEW"):
        return 400, "Order can only be rejected when status is INTEREST_RAISED or UNDER_REVIEW"
    if to == "CANCELLED" or (start, to) == ("DRAFT", "INTEREST_RAISED"):
        return 403, "Only the requester can cancel the order"
    if to in CONTRACT[start]:
        return 200, to
    return 400, f"Invalid state transition from {start} to {to}"


def test_the_transitions_are_those_of_the_contract():
    assert Order.transitions() == {(start, to) for start, targets in CONTRACT.items() for to in targets}


def test_the_statuses_that_book_the_device():
    assert set(BOOKED) == {"ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED"}


@pytest.mark.parametrize(("start", "to"), PAIRS)
def test_an_admin_changes_a_lease_order_by_declared_transitions_only(api, tractor, ravi, meena, start, to):
    order = factories.order(Kind.LEASE, tractor, ravi, status=start)
    answer = api(meena, Role.ADMIN).patch(f"/orders/{order.pk}/status", {"toState": to}, format="json")
    result = answer.body["data"]["status"] if answer.status_code == 200 else answer.body["errorDetails"]
    assert (answer.status_code, result) == expected_answer(start, to)
    order.refresh_from_db()
    assert order.status == (to if answer.status_code == 200 else start)


@pytest.mark.parametrize(("start", "to"), PAIRS)
def test_the_assigned_vle_changes_a_rent_order_by_declared_transitions_only(api, leased_tractor, asha, ravi, start, to):
    order = factories.order(Kind.RENT, leased_tractor, asha, status=start)
    answer = api(ravi, Role.VLE).patch(f"/orders/{order.pk}/status", {"toState": to}, format="json")
    assert answer.status_code == expected_answer(start, to)[0]
    order.refresh_from_db()
    assert order.status == (to if answer.status_code == 200 else start)


@pytest.mark.parametrize("to", ["accepted", "Accepted ", "UNKNOWN", "", 3, None, True, ["ACCEPTED"], {"a": 1}])
def test_an_unknown_status_is_refused(api, tractor, ravi, meena, to):
    order = factories.order(Kind.LEASE, tractor, ravi)
    answer = api(meena).patch(f"/orders/{order.pk}/status", {"toState": to}, format="json")
    assert (answer.status_code, answer.body["message"]) == (400, "Validation failed")
    assert answer.body["errorDetails"].startswith("{toState=")
    order.refresh_from_db()
    assert order.status == "INTEREST_RAISED"


def test_a_status_cannot_be_assigned(tractor, ravi):
    order = factories.order(Kind.LEASE, tractor, ravi)
    with pytest.raises(AttributeError):
        order.status = "ACCEPTED"


def test_the_locked_row_counts_not_the_callers_older_object(tractor, ravi, meena):
    order = factories.order(Kind.LEASE, tractor, ravi)
    for to in ("UNDER_REVIEW", "ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE"):
        assert change_order_status(order, to=to, by=actor(meena)).status == to
    assert order.status == "INTEREST_RAISED"
