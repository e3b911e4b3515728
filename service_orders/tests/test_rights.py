"""Every pair of states, for everybody: the contract's table and the decisions' rights, through the real door."""

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
    """Status, code or new status, message."""
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


def test_the_table_is_the_contracts():
    assert ServiceOrder.transitions() == {(start, to) for start, targets in CONTRACT.items() for to in targets}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("to", CONTRACT)
@pytest.mark.parametrize("start", CONTRACT)
def test_who_can_move_an_order_from_where_to_where(api, pune, people, start, to, who):
    order = factories.service_order(pune, people["creator"], status=start)
    before = ServiceOrder.objects.values().get(pk=order.pk)
    answer = api(people[who], territory="pune").put(f"/orders/{order.pk}/status", {"status": to, "notes": "As agreed"})
    status, said, message = expected_answer(start, to, who)
    assert answer.status_code == status
    if status == 200:
        assert answer.body["data"]["status"] == said
        order.refresh_from_db()
        assert (order.status, order.notes) == (to, "As agreed")
        assert OrderEvent.objects.get().status == to
    else:
        assert answer.body["error"] == {"code": said, "message": message, "details": {}}
        assert ServiceOrder.objects.values().get(pk=order.pk) == before
        assert not OrderEvent.objects.exists()


def test_a_request_asks_each_policy_once(api, pune, order, meena):
    policies = (member_of, must_be_in_territory, must_verify, must_be_creator_or_verify)
    with count_calls(*policies) as calls:
        answer = api(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "verified"})
    assert answer.status_code == 200
    assert calls == {"member_of": 1, "must_be_in_territory": 1, "must_verify": 1}


@pytest.mark.parametrize("body", ['{"status": "unknown"}', "{", "[]"])
def test_who_asks_in_the_wrong_territory_is_told_so_before_the_body_is_found_unusable(api, order, meena, body):
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
def test_members_read_and_create_whatever_their_role_and_strangers_do_not(api, pune, people, order, wish, act):
    def go(client):
        paths = {"list": "/orders", "retrieve": f"/orders/{order.pk}", "history": f"/orders/{order.pk}/history"}
        return client.post("/orders", wish) if act == "create" else client.get(paths[act])

    for who in PEOPLE:
        answer = go(api(people[who], territory="pune"))
        assert answer.status_code == (403 if who == "stranger" else 201 if act == "create" else 200)


def test_the_active_role_makes_no_difference_but_one_is_needed(api, order, ravi):
    client = api(ravi, territory="pune")
    ravi.role_assignments.all().delete()
    answer = client.get(f"/orders/{order.pk}")
    assert (answer.status_code, answer.body["error"]["message"]) == (403, "Choose an active role first")


def test_a_right_taken_away_is_gone_at_the_next_request(api, order, meena):
    client = api(meena, territory="pune")
    TerritoryMembership.objects.filter(user=meena).update(can_verify=False)
    assert client.put(f"/orders/{order.pk}/status", {"status": "verified"}).body["error"]["message"] == VERIFIERS_ONLY
    TerritoryMembership.objects.filter(user=meena).delete()
    assert client.get(f"/orders/{order.pk}").status_code == 403


def test_a_creator_who_left_the_territory_no_longer_moves_the_order(api, pune, ravi):
    order = factories.service_order(pune, ravi, status="rejected")
    TerritoryMembership.objects.filter(user=ravi).delete()
    answer = api(ravi, territory="pune").put(f"/orders/{order.pk}/status", {"status": "cancelled"})
    assert (answer.status_code, answer.body["error"]["code"]) == (403, "PERMISSION_DENIED")


def test_a_status_cannot_be_assigned(order):
    with pytest.raises(AttributeError):
        order.status = "verified"
