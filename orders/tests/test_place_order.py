"""Test placing orders: the order of the checks, and the fields."""

import pytest

from accounts.models import Role
from notifications.models import SmsMessage
from orders.models import Order
from tests.support import factories
from tests.support.inbox import last_text_to


@pytest.fixture
def place(api, ravi, tractor):
    """Return `place(field=value)`, which posts a complete LEASE order with the given fields changed."""
    client = api(ravi, Role.VLE)

    def send(**changes: object):
        complete = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"}
        return client.post("/orders", complete | changes, format="json")

    return send


def test_the_response_is_that_of_the_contract(place, ravi, tractor):
    answer = place(requestedHours=10.0, requestedAcres=5.0, note="Need equipment for farming season")
    data = answer.body["data"]
    order = Order.objects.get()
    assert answer.status_code == 201
    assert {key: answer.body[key] for key in ("success", "message")} == {
        "success": True,
        "message": "Operation successful",
    }
    assert {key: data[key] for key in list(data)[:13]} == {
        "id": str(order.pk),
        "orderType": "LEASE",
        "status": "INTEREST_RAISED",
        "deviceId": str(tractor.pk),
        "requestedBy": str(ravi.pk),
        "handledBy": {"type": "ADMIN", "id": "admin"},
        "requestedHours": 10.0,
        "requestedAcres": 5.0,
        "startDate": "2024-01-15",
        "endDate": "2024-01-20",
        "phone": "+919876543210",
        "name": "Ravi",
        "note": "Need equipment for farming season",
    }
    assert answer.body["correlationId"] == answer.headers["X-Correlation-Id"]
    assert answer.body["timestamp"].endswith("Z")
    assert '"requestedHours":10.0' in answer.content.decode()


def test_the_role_is_checked_before_the_body(api, meena):
    answer = api(meena).post("/orders", {}, format="json")
    assert (answer.status_code, answer.body["errorDetails"]) == (403, "Only FARMER and VLE roles can create orders")


def test_an_empty_body_names_the_required_fields_in_order(api, ravi):
    answer = api(ravi).post("/orders", {}, format="json")
    assert answer.body["message"] == "Validation failed"
    assert answer.body["errorDetails"] == (
        "{deviceId=Device ID is required, startDate=Start date is required, endDate=End date is required}"
    )


@pytest.mark.parametrize("device_id", ["", None])
def test_a_device_is_required(place, device_id):
    answer = place(deviceId=device_id)
    assert (answer.status_code, answer.body["errorDetails"]) == (400, "{deviceId=Device ID is required}")


@pytest.mark.parametrize(
    "device_id", [factories.UNKNOWN, "device-id-123", "../..", "x" * 4000, "{" + factories.UNKNOWN + "}"]
)
def test_an_unknown_device_is_not_found(place, device_id):
    answer = place(deviceId=device_id)
    assert (answer.status_code, answer.body["message"]) == (404, "Resource not found")
    assert answer.body["errorDetails"] == "Device not found"


@pytest.mark.parametrize("status", ["DRAFT", "ONBOARDED", "NOT_LIVE", "UNDER_MAINTENANCE", "RETIRED"])
def test_only_live_devices_are_ordered(place, status):
    answer = place(deviceId=str(factories.device(status=status).pk))
    assert (answer.status_code, answer.body["message"]) == (400, "Operation failed")
    assert answer.body["errorDetails"] == "Device is not available for ordering"
    assert not Order.objects.exists()


def test_the_status_of_the_device_is_checked_before_its_lease(place, leased_tractor):
    type(leased_tractor).objects.update(status="NOT_LIVE")
    assert place().body["errorDetails"] == "Device is not available for ordering"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("endDate", "2024-01-14", "End date must not be before start date"),
        ("startDate", "15.01.2024", "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", "2024-02-30", "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", "2024-1-5", "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", "२०२४-०१-१५", "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", "2024-01-15T00:00:00Z", "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", 20240115, "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", ["2024-01-15"], "Start date must be a date (YYYY-MM-DD)"),
        ("startDate", "0001-01-01", "Start date must be between 2000-01-01 and 2099-12-31"),
        ("endDate", "9999-12-31", "End date must be between 2000-01-01 and 2099-12-31"),
        ("requestedHours", 0, "Requested hours must be greater than 0"),
        ("requestedHours", -0.0, "Requested hours must be greater than 0"),
        ("requestedHours", -1, "Requested hours must be greater than 0"),
        ("requestedHours", 1.005, "Requested hours must have at most 2 decimals"),
        ("requestedHours", 0.30000000000000004, "Requested hours must have at most 2 decimals"),
        ("requestedHours", "", "Requested hours must be a number"),
        ("requestedAcres", " ", "Requested acres must be a number"),
        ("requestedHours", 100000.01, "Requested hours must be at most 100000"),
        ("requestedHours", 10**30, "Requested hours is too large"),
        ("requestedHours", "10", "Requested hours must be a number"),
        ("requestedHours", True, "Requested hours must be a number"),
        ("requestedHours", [10], "Requested hours must be a number"),
        ("requestedAcres", {"a": 1}, "Requested acres must be a number"),
        ("note", "x" * 1001, "Note must be at most 1000 characters"),
        ("note", "bell\u0007", "Note must not contain control characters"),
        ("note", "nul\u0000", "Note must not contain control characters"),
        ("note", "carriage\rreturn", "Note must not contain control characters"),
        ("note", 5, "Note must be text"),
        ("deviceId", ["x"], "Device ID must be text"),
        ("deviceId", {"id": "x"}, "Device ID must be text"),
    ],
)
def test_invalid_fields_are_refused_and_change_nothing(place, field, value, text):
    answer = place(**{field: value})
    assert (answer.status_code, answer.body["errorDetails"]) == (400, f"{{{field}={text}}}")
    assert not Order.objects.exists()
    assert not SmsMessage.objects.exists()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("\u2068Bring\tdiesel\u2069", "Bring diesel"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("two\r\nlines", "two\nlines"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u200b", ""),
    ],
)
def test_a_pasted_note_is_stored_without_invisible_characters(place, sent, stored):
    assert place(note=sent).status_code == 201
    assert Order.objects.get().note == stored


@pytest.mark.parametrize("hours", [0.01, 1, 10.0, 10.5, 99999.99, 100000])
def test_quantities_are_stored_and_returned_exactly(place, hours):
    answer = place(requestedHours=hours)
    assert answer.status_code == 201
    assert answer.body["data"]["requestedHours"] == hours
    assert float(Order.objects.get().requested_hours) == hours


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"{", "Malformed JSON request"),
        (b"", "Malformed JSON request"),
        (b'{"deviceId": NaN}', "Malformed JSON request"),
        (b'{"requestedHours": 1e999999999}', "Malformed JSON request"),
        (b'{"note": "a", "note": "b"}', "Malformed JSON request"),
        (b'{"note": "\xff"}', "Malformed JSON request"),
        (b'{"note": "\\ud800"}', "Malformed JSON request"),
        (b"[" * 100_000, None),
        (b"[" * 50_000, "Malformed JSON request"),
    ],
)
def test_malformed_json_is_refused_in_the_envelope(api, ravi, raw, text):
    answer = api(ravi).generic("POST", "/orders", raw or b" ", content_type="application/json")
    if text is None:
        assert (answer.status_code, answer.body["message"]) == (413, "Request too large")
    else:
        assert (answer.status_code, answer.body["message"]) == (400, "Validation failed")
        assert answer.body["errorDetails"] == text


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "true"])
def test_a_body_that_is_not_an_object_is_refused(api, ravi, body):
    answer = api(ravi).generic("POST", "/orders", body, content_type="application/json")
    assert (answer.status_code, answer.body["message"]) == (400, "Validation failed")


def test_unknown_and_protected_fields_change_nothing(place, ravi, asha):
    forged = {"status": "ACCEPTED", "id": factories.UNKNOWN, "orderType": "RENT", "requestedBy": str(asha.pk), "x": 1}
    assert place(**forged).status_code == 201
    order = Order.objects.get()
    assert (order.status, order.kind, order.requester) == ("INTEREST_RAISED", "LEASE", ravi)
    assert str(order.pk) != factories.UNKNOWN


def test_amounts_not_given_are_not_applicable(place, tractor, ravi):
    order = place().body["data"]["id"][:8]
    assert last_text_to(ravi) == (
        f"Your LEASE order #{order} has been submitted successfully. Device: {str(tractor.pk)[:8]}, "
        "Requested: N/A hours / N/A acres. We'll review it shortly."
    )


def test_all_active_admins_are_notified(place, meena):
    second = factories.user("+919876543201", "Second admin", Role.ADMIN)
    gone = factories.user("+919876543202", "Former admin", Role.ADMIN)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    place()
    told = set(SmsMessage.objects.filter(text__startswith="New LEASE order").values_list("to", flat=True))
    assert told == {meena.phone, second.phone}


def test_placing_takes_at_most_twelve_queries(place, meena, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert place(requestedHours=10.0).status_code == 201
