"""Test the territory header and the isolation of territories."""

import pytest

from events.models import OrderEvent
from service_orders.models import ServiceOrder
from tests.support import factories

DENIED = {"code": "PERMISSION_DENIED", "message": "Insufficient permissions", "details": {}}
REQUIRED = {"Territory-Id": ["Territory-Id is required"]}
NOT_ONE_ID = {"Territory-Id": ["Territory-Id must be one territory id"]}


def error(answer, status: int):
    assert answer.status_code == status
    assert answer.body.keys() == {"status", "error"}
    assert answer.body["status"] == "error"
    return answer.body["error"]


@pytest.mark.parametrize(
    ("territory", "details"),
    [
        ("", REQUIRED),
        ("  ", REQUIRED),
        ("pune,nashik", NOT_ONE_ID),
        ("pune, pune", NOT_ONE_ID),
        ("p" * 51, NOT_ONE_ID),
        ("p" * 10_000, NOT_ONE_ID),
        ("pu\x00ne", NOT_ONE_ID),
        ("pün", NOT_ONE_ID),
    ],
)
def test_an_invalid_territory_header_is_refused(api, pune, meena, territory, details):
    refusal = error(api(meena, territory=territory).get("/orders"), 400)
    assert refusal == {"code": "VALIDATION_ERROR", "message": "Invalid request data", "details": details}


def test_unknown_and_foreign_territories_are_refused_alike(api, pune, nashik, ravi):
    unknown, foreign, spelled = (api(ravi, territory=name).get("/orders") for name in ("nowhere", "nashik", "Pune"))
    assert error(unknown, 403) == error(foreign, 403) == error(spelled, 403) == DENIED


def test_the_token_is_checked_before_the_territory(api, pune):
    for client in (api(territory="pune"), api(territory=""), api(territory="nowhere")):
        assert error(client.get("/orders"), 401) == {
            "code": "UNAUTHENTICATED",
            "message": "Invalid or expired token",
            "details": {},
        }


def test_without_the_header_a_new_status_is_refused_in_the_territory_contract(api, order, meena):
    refusal = error(api(meena).put(f"/orders/{order.pk}/status", {"status": "verified"}), 400)
    assert refusal == {"code": "VALIDATION_ERROR", "message": "Invalid request data", "details": REQUIRED}


@pytest.mark.parametrize("path", ["", "/status", "/history"])
def test_an_order_of_another_territory_is_a_mismatch_even_for_a_member_of_both(api, order, nashik, meena, path):
    client, url = api(meena, territory="nashik"), f"/orders/{order.pk}{path}"
    answer = client.put(url, {}) if path == "/status" else client.get(url)
    assert error(answer, 403) == {
        "code": "TERRITORY_MISMATCH",
        "message": "Order not in user's territory",
        "details": {"order_id": str(order.pk)},
    }
    order.refresh_from_db()
    assert order.status == "pending_verification"


def test_lists_contain_the_orders_of_one_territory(api, pune, nashik, ravi, meena):
    ours, theirs = factories.service_order(pune, ravi), factories.service_order(nashik, meena)
    for territory, order in (("pune", ours), ("nashik", theirs)):
        rows = api(meena, territory=territory).get("/orders").body["data"]
        assert [row["order_id"] for row in rows] == [str(order.pk)]


def test_orders_are_placed_in_the_territory_of_the_header(api, pune, nashik, meena, order_body):
    answer = api(meena, territory="nashik").post("/orders", order_body | {"territory": "pune", "territory_id": "pune"})
    assert ServiceOrder.objects.get(pk=answer.body["data"]["order_id"]).territory == nashik
    assert OrderEvent.objects.get().territory == nashik


@pytest.mark.parametrize("path", ["", "/history"])
def test_each_contract_knows_only_its_own_orders(api, order, tractor, ravi, meena, path):
    equipment = factories.order("LEASE", tractor, ravi)
    here = api(ravi, territory="pune").get(f"/orders/{equipment.pk}{path}")
    assert (here.status_code, here.body["error"]["code"]) == (404, "ORDER_NOT_FOUND")
    there = api(ravi).get(f"/orders/{order.pk}{path}")
    assert (there.status_code, there.body["errorDetails"]) == (404, "Order not found")
    assert api(ravi).get(f"/orders/{equipment.pk}{path}").body["success"] is True
    assert api(ravi, territory="pune").get(f"/orders/{order.pk}{path}").body["status"] == "success"


def test_put_does_not_change_the_status_of_an_equipment_order(api, pune, tractor, ravi, meena):
    equipment = factories.order("LEASE", tractor, ravi)
    answer = api(meena, territory="pune").put(f"/orders/{equipment.pk}/status", {"status": "verified"})
    assert error(answer, 404)["code"] == "ORDER_NOT_FOUND"
    answer = api(meena).patch(f"/orders/{equipment.pk}/status", {"toState": "UNDER_REVIEW"})
    assert (answer.status_code, answer.body["success"]) == (200, True)


def test_the_header_chooses_the_list(api, order, tractor, ravi):
    equipment = factories.order("LEASE", tractor, ravi)
    plain, headed = api(ravi).get("/orders"), api(ravi, territory="pune").get("/orders")
    assert (plain.body["success"], [row["id"] for row in plain.body["data"]]) == (True, [str(equipment.pk)])
    assert (headed.body["status"], [row["order_id"] for row in headed.body["data"]]) == ("success", [str(order.pk)])


def test_the_header_chooses_what_is_created(api, pune, tractor, ravi, order_body):
    both_bodies = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"} | order_body
    assert api(ravi).post("/orders", both_bodies).body["data"]["orderType"] == "LEASE"
    assert api(ravi, territory="pune").post("/orders", both_bodies).body["data"]["status"] == "pending_verification"


@pytest.mark.parametrize(
    ("method", "path"), [("patch", "/status"), ("delete", ""), ("put", ""), ("post", "/status"), ("post", "/history")]
)
def test_other_methods_are_refused_in_the_envelope(api, order, meena, method, path):
    answer = getattr(api(meena, territory="pune"), method)(f"/orders/{order.pk}{path}", {})
    assert error(answer, 405)["code"] == "METHOD_NOT_ALLOWED"


def test_only_members_use_up_the_limit_of_a_territory(api, pune, nashik, ravi, meena, charu, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"query": 2}
    for client in (api(charu, territory="pune"), api(territory="pune"), api(ravi, territory="nashik")):
        assert [client.get("/orders").status_code in (401, 403) for _ in range(3)] == [True] * 3
    assert [api(person, territory="pune").get("/orders").status_code for person in (ravi, meena)] == [200, 200]
    refused = api(ravi, territory="pune").get("/orders")
    assert error(refused, 429) == {"code": "RATE_LIMITED", "message": "Too many requests", "details": {}}
    assert int(refused.headers["Retry-After"]) >= 1
    assert api(meena, territory="nashik").get("/orders").status_code == 200
