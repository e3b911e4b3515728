"""Test invalid bodies: each error is reported by its field, and none is a 5xx."""

import pytest

from events.models import OrderEvent
from service_orders.models import ServiceOrder

DEEP = {"coverage_details": {"a": {"b": {"c": {"d": {}}}}}}
TOO_LONG = "x" * 101


@pytest.fixture
def client(api, pune, ravi):
    return api(ravi, territory="pune")


@pytest.fixture
def verifier(api, order, meena):
    return api(meena, territory="pune")


def details(answer) -> dict[str, list[str]]:
    assert answer.status_code == 400
    assert (answer.body["error"]["code"], answer.body["error"]["message"]) == (
        "VALIDATION_ERROR",
        "Invalid request data",
    )
    return answer.body["error"]["details"]


def test_all_missing_fields_are_reported_at_once(client):
    assert details(client.post("/orders", {})) == {
        "patient_id": ["Patient ID is required"],
        "provider_id": ["Provider ID is required"],
        "insurance_info": ["Insurance info is required"],
        "service_type": ["Service type is required"],
    }
    assert not ServiceOrder.objects.exists()
    assert not OrderEvent.objects.exists()


def test_nested_fields_are_reported_by_their_path(client, order_body):
    assert details(client.post("/orders", order_body | {"insurance_info": {}})) == {
        "insurance_info.carrier": ["Carrier is required"],
        "insurance_info.policy_number": ["Policy number is required"],
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("patient_id", None, "Patient ID is required"),
        ("patient_id", "  ", "Patient ID is required"),
        ("patient_id", 7, "Patient ID must be text"),
        ("patient_id", ["p"], "Patient ID must be text"),
        ("patient_id", TOO_LONG, "Patient ID must be at most 100 characters"),
        ("provider_id", "a\x00b", "Provider ID must not contain control characters"),
        ("service_type", {"a": 1}, "Service type must be text"),
        ("insurance_info", None, "Insurance info is required"),
        ("insurance_info", [], "Insurance info must be an object"),
        ("insurance_info", "Star", "Insurance info must be an object"),
        ("priority", "", "Priority must be one of normal, urgent, emergency"),
        ("priority", None, "Priority must be one of normal, urgent, emergency"),
        ("priority", "Urgent", "Priority must be one of normal, urgent, emergency"),
        ("priority", ["urgent"], "Priority must be one of normal, urgent, emergency"),
        ("priority", True, "Priority must be one of normal, urgent, emergency"),
    ],
)
def test_invalid_fields(client, order_body, field, value, message):
    assert details(client.post("/orders", order_body | {field: value})) == {field: [message]}
    assert not ServiceOrder.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("carrier", 1, "Carrier must be text"),
        ("policy_number", TOO_LONG, "Policy number must be at most 100 characters"),
        ("group_number", {}, "Group number must be text"),
    ],
)
def test_invalid_insurance_data(client, order_body, field, value, message):
    order_body["insurance_info"][field] = value
    assert details(client.post("/orders", order_body)) == {f"insurance_info.{field}": [message]}


@pytest.mark.parametrize("group", [{}, {"group_number": None}, {"group_number": ""}])
def test_the_group_number_is_optional(client, order_body, group):
    insurance = {"carrier": "Star Health", "policy_number": "SH-1"}
    assert client.post("/orders", order_body | {"insurance_info": insurance | group}).status_code == 201
    assert ServiceOrder.objects.get().insurance == insurance | {"group_number": None}


def test_priority_is_normal_when_missing(client, order_body):
    del order_body["priority"]
    client.post("/orders", order_body)
    assert ServiceOrder.objects.get().priority == "normal"


@pytest.mark.parametrize("body", ["[]", "7", "null", '"text"', "[[[", "{", "", '{"status": NaN}', "\ud800"])
@pytest.mark.parametrize("method", ["post", "put"])
def test_a_body_that_is_not_an_object(client, order, method, body):
    path = "/orders" if method == "post" else f"/orders/{order.pk}/status"
    answer = getattr(client, method)(path, body.encode("utf-8", "surrogatepass"), content_type="application/json")
    assert (answer.status_code, answer.body["error"]["code"]) == (400, "VALIDATION_ERROR")


def test_wrong_media_type_and_too_large_body(client, order_body):
    answer = client.post("/orders", b"a=b", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.body["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    answer = client.post("/orders", order_body | {"patient_id": "x" * 70_000})
    assert (answer.status_code, answer.body["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("status", [None, "", "VERIFIED", "unknown", 3, True, ["verified"], {"a": 1}])
def test_an_unknown_status(verifier, order, status):
    assert details(verifier.put(f"/orders/{order.pk}/status", {"status": status})).keys() == {"status"}
    order.refresh_from_db()
    assert order.status == "pending_verification"


def test_a_status_is_required(verifier, order):
    assert details(verifier.put(f"/orders/{order.pk}/status", {})) == {"status": ["Status is required"]}


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ([], "", "Verification data must be an object"),
        ("by phone", "", "Verification data must be an object"),
        ({"verified_by": 7}, ".verified_by", "Verified by must be text"),
        ({"verification_method": []}, ".verification_method", "Verification method must be text"),
        ({"coverage_details": "all"}, ".coverage_details", "Coverage details must be an object"),
        (DEEP, "", "Verification data must not be nested deeper than 5"),
        ({"note": "x" * 8200}, "", "Verification data must be at most 8 KB"),
        ({"note": "a\x00b"}, "", "Verification data must not contain control characters"),
        ({"no\x00te": "a"}, "", "Verification data must not contain control characters"),
        ({"notes": [["a\u0007b"]]}, "", "Verification data must not contain control characters"),
        ({"a": 1, "a\u200b": 2}, "", "Verification data must not contain a name twice"),
    ],
)
def test_invalid_verification_data(verifier, order, data, field, message):
    answer = verifier.put(f"/orders/{order.pk}/status", {"status": "verified", "verification_data": data})
    assert details(answer) == {f"verification_data{field}": [message]}
    assert not OrderEvent.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"verified_by": None, "coverage_details": None},
        {"verified_by": "Meena", "coverage_details": {"limit": 50000.25, "items": [1, True, None, "spraying"]}},
        {"agent": {"name": "श्याम"}, "large": 10**30, "small": 1e-9, "text": "two\nlines\tof text"},
    ],
)
def test_verification_data_is_stored_unchanged(verifier, order, data):
    answer = verifier.put(f"/orders/{order.pk}/status", {"status": "verified", "verification_data": data})
    assert OrderEvent.objects.get(pk=answer.body["data"]["audit_id"]).verification_data == data


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ("x" * 1001, "Notes must be at most 1000 characters"),
        ("a\x07b", "Notes must not contain control characters"),
        (["a"], "Notes must be text"),
    ],
)
def test_invalid_notes(verifier, order, notes, message):
    answer = verifier.put(f"/orders/{order.pk}/status", {"status": "verified", "notes": notes})
    assert details(answer) == {"notes": [message]}


@pytest.mark.parametrize("notes", [{}, {"notes": None}, {"notes": ""}])
def test_a_change_without_notes_keeps_the_last_note(verifier, order, notes):
    verifier.put(f"/orders/{order.pk}/status", {"status": "rejected", "notes": "Policy has run out"})
    verifier.put(f"/orders/{order.pk}/status", {"status": "pending_verification"} | notes)
    assert ServiceOrder.objects.get().note == "Policy has run out"
    assert OrderEvent.objects.get(status="pending_verification").note == ""


@pytest.mark.parametrize(
    "identifier",
    ["abc", "7", "%00", "%2e%2e", "x" * 5000, "{00000000-0000-4000-8000-000000000000}", "%F0%9F%9A%9C", "%ff"],
)
@pytest.mark.parametrize("path", ["", "/status", "/history"])
def test_a_malformed_id_is_an_unknown_order(verifier, identifier, path):
    url = f"/orders/{identifier}{path}"
    answer = verifier.put(url, {"status": "verified"}) if path == "/status" else verifier.get(url)
    assert (answer.status_code, answer.body["error"]["code"]) == (404, "ORDER_NOT_FOUND")


def test_checks_run_in_order_unknown_order_invalid_body_rights(verifier, api, order, ravi):
    nowhere = verifier.put("/orders/nowhere/status", {"status": 7})
    assert (nowhere.status_code, nowhere.body["error"]["details"]) == (404, {"order_id": "nowhere"})
    assert api(ravi, territory="pune").put(f"/orders/{order.pk}/status", {"status": 7}).status_code == 400
