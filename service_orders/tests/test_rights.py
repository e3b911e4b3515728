"""Test every pair of statuses for every kind of user: the contract's table and the rights, through the API."""

from contextlib import suppress

import pytest
from django.db import transaction

from accounts.models import TerritoryMembership
from core.errors import DomainError
from events.models import OrderEvent
from service_orders.models import ServiceOrder
from service_orders.policies import member_of, must_be_creator_or_verify, must_be_in_territory, must_verify
from service_orders.services import change_service_order_status
from tests.support import factories
from tests.support.calls import count_calls
from tests.support.clients import actor

CONTRACT = {
    "pending_verification": ["verified", "rejected"],
    "verified": ["completed", "cancelled"],
    "rejected": ["pending_verification", "cancelled"],
    "completed": [],
    "cancelled": [],
}
NEEDS_VERIFYING = {"verified", "rejected", "completed"}
VERIFIERS_ONLY = "Only those who may verify in this territory can do this"
CREATOR_TOO = "Only the creator, or those who may verify in this territory, can do this"
PEOPLE = ["creator", "verifier", "member", "stranger"]


def expected_answer(start: str, to: str, who: str) -> tuple[int, str, str]:
    """Return the HTTP status, the error code or new status, and the message."""
    if who == "stranger":
        return 403, "PERMISSION_DENIED", "Insufficient permissions"
    if to in NEEDS_VERIFYING and who != "verifier":
        return 403, "PERMISSION_DENIED", VERIFIERS_ONLY
    if who == "member":
        return 403, "PERMISSION_DENIED", CREATOR_TOO
    if to not in CONTRACT[start]:
        return 400, "INVALID_STATUS", f"Cannot transition from {start} to {to}"
    return 200, to, ""


@pytest.fixture
def people(ravi, meena, sita, charu):
    return {"creator": ravi, "verifier": meena, "member": sita, "stranger": charu}


def test_the_transitions_are_those_of_the_contract():
    assert ServiceOrder.transitions() == {(start, to) for start, targets in CONTRACT.items() for to in targets}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("to", CONTRACT)
@pytest.mark.parametrize("start", CONTRACT)
def test_permissions_and_transitions_match_the_table(api, pune, people, start, to, who):
    order = factories.service_order(pune, people["creator"], status=start)
    before = ServiceOrder.objects.values().get(pk=order.pk)
    answer = api(people[who], territory="pune").put(f"/orders/{order.pk}/status", {"status": to, "notes": "As agreed"})
    status, result, message = expected_answer(start, to, who)
    assert answer.status_code == status
    if status == 200:
        assert answer.body["data"]["status"] == result
        order.refresh_from_db()
        assert (order.status, order.note) == (to, "As agreed")
        assert OrderEvent.objects.get().status == to
    else:
        assert answer.body["error"] == {"code": result, "message": message, "details": {}}
        assert ServiceOrder.objects.values().get(pk=order.pk) == before
        assert not OrderEvent.objects.exists()


def test_a_request_asks_each_policy_once(api, pune, order, meena):
    policies = (member_of, must_be_in_territory, must_verify, must_be_creator_or_verify)
    with count_calls(*policies) as calls:
        answer = api(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "verified"})
    assert answer.status_code == 200
    assert calls == {"member_of": 1, "must_be_in_territory": 1, "must_verify": 1}


@pytest.mark.parametrize("body", ['{"status": "unknown"}', "{", "[]"])
def test_territory_mismatch_comes_before_an_invalid_body(api, order, meena, body):
    factories.works_in(factories.territory("nashik"), meena)

    def code_in(territory):
        path = f"/orders/{order.pk}/status"
        answer = api(meena, territory=territory).put(path, body, content_type="application/json")
        return answer.status_code, answer.body["error"]["code"]

    assert code_in("nashik") == (403, "TERRITORY_MISMATCH")
    assert code_in("pune") == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("start", CONTRACT)
def test_the_service_enforces_the_declared_policies(pune, people, start):
    order = factories.service_order(pune, people["creator"], status=start)
    for who in ("creator", "verifier", "member"):
        member = member_of("pune", actor(people[who]))
        permitted = set()
        for to in CONTRACT:
            with suppress(DomainError), transaction.atomic():
                change_service_order_status(order, to=to, by=member)
                permitted.add(to)
                transaction.set_rollback(True)
        assert permitted == set(order.available_transitions(member)), who


@pytest.mark.parametrize("act", ["list", "create", "retrieve", "history"])
def test_members_read_and_create_in_any_role_strangers_do_not(api, pune, people, order, order_body, act):
    def go(client):
        paths = {"list": "/orders", "retrieve": f"/orders/{order.pk}", "history": f"/orders/{order.pk}/history"}
        return client.post("/orders", order_body) if act == "create" else client.get(paths[act])

    for who in PEOPLE:
        answer = go(api(people[who], territory="pune"))
        assert answer.status_code == (403 if who == "stranger" else 201 if act == "create" else 200)


def test_an_active_role_is_needed(api, order, ravi):
    client = api(ravi, territory="pune")
    ravi.role_assignments.all().delete()
    answer = client.get(f"/orders/{order.pk}")
    assert (answer.status_code, answer.body["error"]["message"]) == (403, "Choose an active role first")


def test_a_revoked_right_ends_with_the_next_request(api, order, meena):
    client = api(meena, territory="pune")
    TerritoryMembership.objects.filter(user=meena).update(can_verify=False)
    assert client.put(f"/orders/{order.pk}/status", {"status": "verified"}).body["error"]["message"] == VERIFIERS_ONLY
    TerritoryMembership.objects.filter(user=meena).delete()
    assert client.get(f"/orders/{order.pk}").status_code == 403


def test_a_creator_who_left_the_territory_cannot_change_the_order(api, pune, ravi):
    order = factories.service_order(pune, ravi, status="rejected")
    TerritoryMembership.objects.filter(user=ravi).delete()
    answer = api(ravi, territory="pune").put(f"/orders/{order.pk}/status", {"status": "cancelled"})
    assert (answer.status_code, answer.body["error"]["code"]) == (403, "PERMISSION_DENIED")


def test_a_status_cannot_be_assigned(order):
    with pytest.raises(AttributeError):
        order.status = "verified"
