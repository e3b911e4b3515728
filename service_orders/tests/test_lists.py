"""Test lists, single orders and histories: contents, visibility, and number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from service_orders.models import ServiceOrder
from tests.support import factories

FIELDS = ["order_id", "tracking_id", "status", "patient_id", "provider_id", "service_type", "priority", "notes"]
FIELDS += ["created_by", "created_at", "updated_at"]


def test_the_fields_of_an_order(api, order, sita):
    row = api(sita, territory="pune").get(f"/orders/{order.pk}").body["data"]
    assert list(row) == FIELDS
    assert {name: row[name] for name in ("patient_id", "provider_id", "service_type", "priority", "notes")} == {
        "patient_id": "patient-1",
        "provider_id": "provider-1",
        "service_type": "spraying",
        "priority": "normal",
        "notes": "",
    }
    assert (row["order_id"], row["tracking_id"]) == (str(order.pk), order.tracking_id)
    assert row["created_by"] == str(order.created_by_id)
    assert row["created_at"] == order.created_at.isoformat().replace("+00:00", "Z")


def test_insurance_data_is_shown_to_the_creator_and_to_verifiers(api, order, ravi, meena, sita):
    for person, shown in ((ravi, True), (meena, True), (sita, False)):
        client = api(person, territory="pune")
        single, [listed] = client.get(f"/orders/{order.pk}").body["data"], client.get("/orders").body["data"]
        assert single == listed
        assert single.get("insurance_info") == (factories.INSURANCE if shown else None)
        assert ("insurance_info" in single) is shown


def test_in_one_list_a_member_sees_insurance_data_of_own_orders_only(api, pune, ravi, sita):
    own, other = factories.service_order(pune, sita), factories.service_order(pune, ravi)
    rows = {row["order_id"]: row for row in api(sita, territory="pune").get("/orders").body["data"]}
    assert "insurance_info" in rows[str(own.pk)]
    assert "insurance_info" not in rows[str(other.pk)]


def test_pages_are_newest_first_and_stable_under_inserts(api, pune, ravi):
    orders = [factories.service_order(pune, ravi) for _ in range(5)]
    client = api(ravi, territory="pune")
    first = client.get("/orders?pageSize=2").body
    assert first["pagination"]["page_size"] == 2
    factories.service_order(pune, ravi)
    second = client.get(f"/orders?pageSize=2&cursor={first['pagination']['next_cursor']}").body
    third = client.get(f"/orders?pageSize=2&cursor={second['pagination']['next_cursor']}").body
    assert third["pagination"] == {"next_cursor": None, "page_size": 2}
    seen = [row["order_id"] for page in (first, second, third) for row in page["data"]]
    assert seen == [str(order.pk) for order in reversed(orders)]


def test_filters(api, pune, ravi):
    factories.service_order(pune, ravi)
    order = factories.service_order(pune, ravi, status="rejected")
    client = api(ravi, territory="pune")
    assert [row["order_id"] for row in client.get("/orders?status=rejected").body["data"]] == [str(order.pk)]
    moment = order.updated_at.isoformat()
    assert [row["order_id"] for row in client.get("/orders", {"updatedSince": moment}).body["data"]] == [str(order.pk)]


@pytest.mark.parametrize(
    "query", ["status=REJECTED", "status=%00", "pageSize=0", "pageSize=201", "cursor=abc", "updatedSince=yesterday"]
)
def test_invalid_filters(api, order, ravi, query):
    answer = api(ravi, territory="pune").get(f"/orders?{query}")
    assert (answer.status_code, answer.body["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert answer.body["error"]["details"].keys() == {query.split("=")[0]}


def test_the_history_lists_every_change_oldest_first(api, pune, ravi, meena, order_body):
    creator, verifier = api(ravi, territory="pune"), api(meena, territory="pune")
    order_id = creator.post("/orders", order_body).body["data"]["order_id"]
    moves = [
        (verifier, {"status": "rejected", "notes": "Policy has run out"}),
        (creator, {"status": "pending_verification", "notes": "Renewed"}),
        (verifier, {"status": "verified", "verification_data": {"verified_by": "Meena"}}),
        (creator, {"status": "cancelled"}),
    ]
    audit_ids = [client.put(f"/orders/{order_id}/status", body).body["data"]["audit_id"] for client, body in moves]
    answer = creator.get(f"/orders/{order_id}/history")
    history = answer.body["data"]
    assert answer.body["pagination"] == {"next_cursor": None, "page_size": 50}
    assert [entry["audit_id"] for entry in history][1:] == audit_ids
    names = ["status", "previous_status", "changed_by", "notes", "verification_data"]
    assert [tuple(entry[name] for name in names) for entry in history] == [
        ("pending_verification", None, str(ravi.pk), "", None),
        ("rejected", "pending_verification", str(meena.pk), "Policy has run out", None),
        ("pending_verification", "rejected", str(ravi.pk), "Renewed", None),
        ("verified", "pending_verification", str(meena.pk), "", {"verified_by": "Meena"}),
        ("cancelled", "verified", str(ravi.pk), "", None),
    ]
    assert list(history[0]) == ["audit_id", *names, "timestamp"]
    assert all(entry["timestamp"].endswith("Z") for entry in history)


def test_a_long_history_is_paged(api, order, meena):
    client = api(meena, territory="pune")
    for status in ["rejected", "pending_verification"] * 3:
        client.put(f"/orders/{order.pk}/status", {"status": status})
    entries, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/orders/{order.pk}/history?pageSize=4&cursor={cursor}").body
        entries += page["data"]
        cursor = page["pagination"]["next_cursor"]
    assert [entry["status"] for entry in entries] == ["rejected", "pending_verification"] * 3


def test_number_of_queries_of_each_request(api, pune, ravi, meena, order_body, django_assert_max_num_queries):
    creator, verifier = api(ravi, territory="pune"), api(meena, territory="pune")
    with django_assert_max_num_queries(7):  # with BEGIN and COMMIT, or the savepoints of the test
        order_id = creator.post("/orders", order_body).body["data"]["order_id"]
    with django_assert_max_num_queries(9):
        verifier.put(f"/orders/{order_id}/status", {"status": "verified"})
    with django_assert_max_num_queries(4):
        verifier.get(f"/orders/{order_id}/history")


def test_a_list_of_fifty_takes_as_many_queries_as_a_list_of_one(api, order, pune, ravi, meena):
    client = api(meena, territory="pune")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/orders").status_code == 200
        return len(queries)

    one = cost()
    for _ in range(49):
        factories.service_order(pune, ravi)
    assert ServiceOrder.objects.count() == 50
    assert cost() == one <= 4
