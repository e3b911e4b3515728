"""Test transitions, lists and error bodies against the literals of the contract."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from accounts.models import Role
from orders.choices import Kind
from orders.models import Order
from orders.workflow import OrderStatus
from tests.support import factories
from tests.support.inbox import texts_to


@pytest.fixture
def lease_order(tractor, ravi):
    return factories.order(Kind.LEASE, tractor, ravi, note="For the season")


@pytest.fixture
def as_admin(api, meena):
    return api(meena)


def body_of(answer) -> dict:
    """Return the body without the parts that differ between requests, which are checked here."""
    body = dict(answer.body)
    assert body.pop("correlationId") == answer.headers["X-Correlation-Id"]
    assert datetime.strptime(body.pop("timestamp"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) <= datetime.now(UTC)
    return body


def refusal(code: int, message: str, details: str) -> dict:
    return {"success": False, "message": message, "errorDetails": details, "errorCode": str(code)}


def test_invalid_request_body(api, ravi):
    complete = {"startDate": "2024-01-15", "endDate": "2024-01-20"}
    answer = api(ravi).post("/orders", complete, format="json")
    assert body_of(answer) == refusal(400, "Validation failed", "{deviceId=Device ID is required}")


def test_invalid_state_transition(as_admin, lease_order):
    answer = as_admin.patch(f"/orders/{lease_order.pk}/status", {"toState": "ACTIVE"}, format="json")
    expected = "Invalid state transition from INTEREST_RAISED to ACTIVE"
    assert body_of(answer) == refusal(400, "Operation failed", expected)


def test_device_not_available(api, asha, tractor):
    body = {"deviceId": str(tractor.pk), "startDate": "2024-01-25", "endDate": "2024-01-27"}
    answer = api(asha).post("/orders", body, format="json")
    assert body_of(answer) == refusal(400, "Operation failed", "Device must be leased to a VLE for RENT orders")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer a b", "bearer " + "x" * 9999]
)
def test_unauthorized(api, header):
    client = api()
    if header is not None:
        client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/orders")
    assert body_of(answer) == refusal(401, "Invalid or expired token", "Authentication failed")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_forbidden(api, ravi, lease_order):
    answer = api(ravi).patch(f"/orders/{lease_order.pk}/status", {"toState": "ACCEPTED"}, format="json")
    assert body_of(answer) == refusal(403, "Access denied", "Only admins can handle LEASE orders")


@pytest.mark.parametrize("order_id", ["00000000-0000-4000-8000-000000000000", "order-id-123", "%00", "x" * 3000, "ॐ"])
def test_not_found(as_admin, order_id):
    for answer in (
        as_admin.get(f"/orders/{order_id}"),
        as_admin.patch(f"/orders/{order_id}/status", {"toState": "ACCEPTED"}, format="json"),
        as_admin.post(f"/orders/{order_id}/cancel", {}, format="json"),
        as_admin.post(f"/admin/orders/{order_id}/reject", {}, format="json"),
    ):
        assert (answer.status_code, body_of(answer)) == (404, refusal(404, "Resource not found", "Order not found"))


def test_method_not_allowed(as_admin):
    answer = as_admin.delete("/orders")
    assert (answer.status_code, answer.body["message"], answer.body["errorCode"]) == (405, "Method not allowed", "405")


def test_unsupported_media_type(api, ravi):
    answer = api(ravi).post("/orders", "deviceId=1", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.body["message"]) == (415, "Unsupported media type")


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v1/orders/", "/api", "/api/", "/api/v2/orders"])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_unknown_paths(api, method, path):
    answer = api().generic(method, path)
    assert (answer.status_code, body_of(answer)) == (404, refusal(404, "Resource not found", "No such path"))


def test_rejection_by_patch_notifies_like_the_reject_endpoint(as_admin, lease_order, ravi, meena):
    change = {"toState": "REJECTED", "note": "Equipment not available"}
    answer = as_admin.patch(f"/orders/{lease_order.pk}/status", change, format="json")
    assert (answer.body["data"]["status"], answer.body["data"]["note"]) == ("REJECTED", "Equipment not available")
    name = f"#{str(lease_order.pk)[:8]}"
    assert texts_to(ravi) == [f"Your order {name} has been rejected. Reason: Equipment not available"]
    assert texts_to(meena) == []


@pytest.mark.parametrize("note", [None, "", "   "])
def test_a_rejection_without_a_reason_is_notified_as_such(as_admin, lease_order, ravi, note):
    as_admin.post(f"/admin/orders/{lease_order.pk}/reject", {"note": note}, format="json")
    assert texts_to(ravi) == [f"Your order #{str(lease_order.pk)[:8]} has been rejected. Reason: No reason provided"]


def test_a_rejection_needs_no_body(as_admin, lease_order):
    assert as_admin.post(f"/admin/orders/{lease_order.pk}/reject").body["data"]["status"] == "REJECTED"


def test_a_reason_of_several_lines_is_one_line_in_the_sms(as_admin, lease_order, ravi):
    as_admin.post(f"/admin/orders/{lease_order.pk}/reject", {"note": "Not now\nask in May"}, format="json")
    assert texts_to(ravi)[0].endswith("Reason: Not now ask in May")


def test_a_change_without_a_note_keeps_the_last_note(as_admin, lease_order):
    answer = as_admin.patch(f"/orders/{lease_order.pk}/status", {"toState": "UNDER_REVIEW"}, format="json")
    assert answer.body["data"]["note"] == "For the season"


@pytest.mark.parametrize(
    "rival_dates", [("2024-01-20", "2024-01-25"), ("2024-01-01", "2024-01-15"), ("2024-01-17", "2024-01-17")]
)
def test_a_device_is_never_booked_twice(as_admin, lease_order, tractor, rival_dates):
    start, end = map(datetime.fromisoformat, rival_dates)
    rival = factories.order(Kind.LEASE, tractor, lease_order.requester, start_date=start.date(), end_date=end.date())
    as_admin.patch(f"/orders/{lease_order.pk}/status", {"toState": "ACCEPTED"}, format="json")
    answer = as_admin.patch(f"/orders/{rival.pk}/status", {"toState": "ACCEPTED"}, format="json")
    expected = "Device is already booked from 2024-01-15 to 2024-01-20"
    assert (answer.status_code, answer.body["errorDetails"]) == (400, expected)


def test_bookings_on_adjacent_days_do_not_overlap(as_admin, lease_order, tractor, ravi):
    dates = {"start_date": factories.date(2024, 1, 21), "end_date": factories.date(2024, 1, 30)}
    later = factories.order(Kind.LEASE, tractor, ravi, **dates)
    for order in (lease_order, later):
        answer = as_admin.patch(f"/orders/{order.pk}/status", {"toState": "ACCEPTED"}, format="json")
        assert answer.status_code == 200


def test_a_retired_device_is_not_booked(as_admin, lease_order, tractor):
    type(tractor).objects.update(status="RETIRED")
    answer = as_admin.patch(f"/orders/{lease_order.pk}/status", {"toState": "ACCEPTED"}, format="json")
    assert (answer.status_code, answer.body["errorDetails"]) == (400, "Device is not available for ordering")


# --- Lists ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def hundred_orders(tractor, ravi):
    moments = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute // 2) for minute in range(100)]
    return [factories.order(Kind.LEASE, tractor, ravi, created_at=moment) for moment in moments]


def ids_by_page(client, path: str, **asked: object) -> list[list[str]]:
    """Return the ids of every page, following the cursors."""
    pages, cursor = [], ""
    while cursor is not None:
        body = client.get(path, asked | {"cursor": cursor}).body
        pages.append([row["id"] for row in body["data"]])
        cursor = body["pagination"]["nextCursor"]
    return pages


def test_pages_are_newest_first_and_complete(as_admin, hundred_orders):
    pages = ids_by_page(as_admin, "/admin/orders/lease", pageSize=30)
    newest_first = sorted(hundred_orders, key=lambda order: (order.created_at, order.pk), reverse=True)
    assert [len(page) for page in pages] == [30, 30, 30, 10]
    assert [row for page in pages for row in page] == [str(order.pk) for order in newest_first]


def test_the_default_page_size_is_fifty(as_admin, hundred_orders):
    answer = as_admin.get("/admin/orders/lease")
    assert len(answer.body["data"]) == 50
    assert answer.body["pagination"]["pageSize"] == 50


def test_new_orders_do_not_shift_pages(as_admin, hundred_orders, tractor, ravi):
    first = as_admin.get("/admin/orders/lease", {"pageSize": 50}).body
    factories.order(Kind.LEASE, tractor, ravi)
    rest = as_admin.get("/admin/orders/lease", {"pageSize": 50, "cursor": first["pagination"]["nextCursor"]}).body
    ids = {row["id"] for row in first["data"] + rest["data"]}
    assert ids == {str(order.pk) for order in hundred_orders}


def test_the_last_page_has_no_next_cursor(as_admin, lease_order):
    assert as_admin.get("/admin/orders/lease").body["pagination"] == {"nextCursor": None, "pageSize": 50}


def test_an_empty_list_succeeds(api, charu):
    assert api(charu).get("/orders").body["data"] == []


def test_a_list_of_fifty_takes_two_queries(as_admin, hundred_orders, django_assert_num_queries):
    with django_assert_num_queries(2):  # who asks, and the page
        assert len(as_admin.get("/admin/orders/lease").body["data"]) == 50


def test_the_status_filter(as_admin, tractor, ravi):
    wanted = factories.order(Kind.LEASE, tractor, ravi, status=OrderStatus.CLOSED)
    factories.order(Kind.LEASE, tractor, ravi)
    answer = as_admin.get("/admin/orders/lease", {"status": "CLOSED"})
    assert [row["id"] for row in answer.body["data"]] == [str(wanted.pk)]


def test_updated_since_filters_by_the_last_change(as_admin, hundred_orders):
    moment = datetime.now(UTC).isoformat()
    as_admin.patch(f"/orders/{hundred_orders[3].pk}/status", {"toState": "UNDER_REVIEW"}, format="json")
    for spelling in (moment, moment.replace("+00:00", "Z"), quote(moment)):
        answer = as_admin.get(f"/admin/orders/lease?updatedSince={spelling}")
        assert [row["id"] for row in answer.body["data"]] == [str(hundred_orders[3].pk)]


@pytest.mark.parametrize(
    ("asked", "details"),
    [
        ({"pageSize": "0"}, "{pageSize=pageSize must be a whole number from 1 to 200}"),
        ({"pageSize": "201"}, "{pageSize=pageSize must be a whole number from 1 to 200}"),
        ({"pageSize": "५"}, "{pageSize=pageSize must be a whole number from 1 to 200}"),
        ({"pageSize": "1" * 5000}, "{pageSize=pageSize must be a whole number from 1 to 200}"),
        ({"cursor": "nonsense"}, "{cursor=cursor is not valid}"),
        ({"cursor": "_" * 32}, "{cursor=cursor is not valid}"),
        ({"cursor": "é"}, "{cursor=cursor is not valid}"),
        ({"updatedSince": "yesterday"}, "{updatedSince=updatedSince must be an ISO-8601 instant}"),
        ({"updatedSince": "2024-01-01T00:00:00"}, "{updatedSince=updatedSince must be an ISO-8601 instant}"),
        ({"updatedSince": "9999-12-31T23:59:59-23:00"}, "{updatedSince=updatedSince must be an ISO-8601 instant}"),
    ],
)
def test_invalid_list_parameters_are_refused(as_admin, asked, details):
    answer = as_admin.get("/admin/orders/lease", asked)
    assert body_of(answer) == refusal(400, "Validation failed", details)


def test_an_unknown_status_filter_is_refused(as_admin):
    answer = as_admin.get("/admin/orders/lease", {"status": "accepted"})
    assert (answer.status_code, answer.body["message"]) == (400, "Validation failed")


def test_a_change_of_status_takes_at_most_twelve_queries(as_admin, lease_order, django_assert_max_num_queries):
    change = {"toState": "ACCEPTED", "note": "Approved"}
    with django_assert_max_num_queries(12):
        answer = as_admin.patch(f"/orders/{lease_order.pk}/status", change, format="json")
    assert answer.status_code == 200


def test_retrieve_returns_one_order(api, ravi, lease_order):
    data = api(ravi, Role.VLE).get(f"/orders/{lease_order.pk}").body["data"]
    assert (data["id"], data["phone"], data["name"], data["note"]) == (
        str(lease_order.pk),
        "+919876543210",
        "Ravi",
        "For the season",
    )


def test_a_valid_correlation_id_of_the_client_is_kept(api, lease_order, ravi):
    client = api(ravi)
    kept = client.get("/orders", HTTP_X_CORRELATION_ID="req-id-123")
    made = client.get("/orders", HTTP_X_CORRELATION_ID="bad id\x7f")
    assert (kept.body["correlationId"], kept.headers["X-Correlation-Id"]) == ("req-id-123", "req-id-123")
    assert len(made.body["correlationId"]) == 36
    assert Order.objects.count() == 1
