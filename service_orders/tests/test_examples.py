"""Test the example requests and responses of the contract."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from events.models import OrderEvent
from service_orders.models import ServiceOrder
from service_orders.tracking import canonical_tracking_id

CREATE = """
{
  "patient_id": "string",
  "provider_id": "string",
  "insurance_info": {
    "carrier": "string",
    "policy_number": "string",
    "group_number": "string"
  },
  "service_type": "string",
  "priority": "normal"
}
"""
UPDATE = """
{
  "status": "verified",
  "notes": "string",
  "verification_data": {
    "verified_by": "string",
    "verification_method": "string",
    "coverage_details": {}
  }
}
"""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def is_now(text: str) -> bool:
    moment = datetime.fromisoformat(text)
    return INSTANT.fullmatch(text) is not None and datetime.now(UTC) - moment < timedelta(minutes=1)


def test_create_order(api, pune, ravi):
    answer = api(ravi, territory="pune").post("/orders", CREATE, content_type="application/json")
    assert answer.status_code == 201
    assert answer.body.keys() == {"status", "data"}
    assert answer.body["status"] == "success"
    data = answer.body["data"]
    assert data.keys() == {"order_id", "status", "created_at", "tracking_id"}
    assert data["status"] == "pending_verification"
    assert UUID(data["order_id"]).version == 4
    assert is_now(data["created_at"])
    assert canonical_tracking_id(data["tracking_id"]) == data["tracking_id"]


def test_the_order_is_stored_as_sent(api, pune, ravi):
    answer = api(ravi, territory="pune").post("/orders", CREATE, content_type="application/json")
    order = ServiceOrder.objects.get(pk=answer.body["data"]["order_id"])
    sent = json.loads(CREATE)
    assert order.insurance == sent.pop("insurance_info")
    assert {name: getattr(order, name) for name in sent} == sent
    assert (order.territory_id, order.created_by, order.note) == ("pune", ravi, "")


def test_update_order_status(api, order, meena):
    path = f"/api/v1/orders/{order.pk}/status"
    answer = api(meena, territory="pune").put(path, UPDATE, content_type="application/json")
    assert answer.status_code == 200
    assert answer.body.keys() == {"status", "data"}
    assert answer.body["status"] == "success"
    data = answer.body["data"]
    assert data.keys() == {"order_id", "status", "updated_at", "audit_id"}
    assert (data["order_id"], data["status"]) == (str(order.pk), "verified")
    assert is_now(data["updated_at"])


def test_the_audit_id_is_that_of_the_history_row(api, order, meena):
    headers = {"X-Correlation-Id": "req-42"}
    client = api(meena, territory="pune")
    answer = client.put(f"/orders/{order.pk}/status", UPDATE, content_type="application/json", headers=headers)
    event = OrderEvent.objects.get(pk=answer.body["data"]["audit_id"])
    assert (event.order_id, event.order_kind, event.territory_id) == (order.pk, "SERVICE", "pune")
    assert (event.previous_status, event.status, event.note) == ("pending_verification", "verified", "string")
    assert (event.changed_by, event.source, event.correlation_id) == (meena, "api", "req-42")
    assert event.verification_data == json.loads(UPDATE)["verification_data"]


def test_an_unknown_order_is_not_found(api, pune, ravi):
    unknown = "00000000-0000-4000-8000-000000000000"
    answer = api(ravi, territory="pune").get(f"/orders/{unknown}")
    assert answer.status_code == 404
    assert answer.body == {
        "status": "error",
        "error": {"code": "ORDER_NOT_FOUND", "message": "Order not found", "details": {"order_id": unknown}},
    }


def test_an_invalid_transition(api, order, meena):
    answer = api(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "completed"})
    assert answer.status_code == 400
    assert answer.body == {
        "status": "error",
        "error": {
            "code": "INVALID_STATUS",
            "message": "Cannot transition from pending_verification to completed",
            "details": {},
        },
    }
