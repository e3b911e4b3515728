"""Test the rules of POST /admin/leases."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Role, VleProfile
from devices.models import PricingRate, PricingRule
from leases.models import Lease
from leases.tests.conftest import operator
from notifications.models import SmsMessage
from orders.choices import Kind
from orders.models import Order
from tests.support import factories
from tests.support.inbox import texts_to

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def sign(client, order_id, **terms):
    return client.post("/admin/leases", {"orderId": str(order_id), **terms}, format="json")


def primary(person):
    return {"operatorId": str(person.pk), "role": "PRIMARY"}


def secondary(person):
    return {"operatorId": str(person.pk), "role": "SECONDARY"}


def assert_refused(response, details, status=400):
    """Assert that the response has these error details, and that there is no lease and no message."""
    assert (response.status_code, response.body["errorDetails"]) == (status, details)
    assert response.body["success"] is False
    assert not Lease.objects.exists()
    assert not SmsMessage.objects.exists()


def wire(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_an_accepted_lease_order_becomes_a_lease(api, meena, ravi, tractor, accepted, farid):
    response = sign(
        api(meena), accepted.pk, depositAmount=5000.0, operators=[primary(farid)], notes="Lease agreement signed"
    )
    assert response.status_code == 201
    lease = Lease.objects.get()
    assert (response.body["success"], response.body["message"]) == (True, "Operation successful")
    assert response.body["data"] == {
        "id": str(lease.pk),
        "orderId": str(accepted.pk),
        "deviceId": str(tractor.pk),
        "vleId": str(ravi.vle_profile.pk),
        "status": "ACTIVE",
        "commitment": {"type": "HOURS", "value": 10.0},
        "estimatedPrice": 15000.0,
        "depositAmount": 5000.0,
        "startDate": "2024-01-15",
        "endDate": "2024-01-20",
        "operators": [
            {"operatorId": str(farid.pk), "role": "PRIMARY", "assignedAt": wire(lease.operators.get().assigned_at)}
        ],
        "signedByAdminId": str(meena.pk),
        "attachments": [],
        "notes": "Lease agreement signed",
        "createdAt": wire(lease.created_at),
        "updatedAt": wire(lease.updated_at),
    }


def test_the_device_is_leased_afterwards(api, meena, tractor, accepted):
    lease_id = sign(api(meena), accepted.pk).body["data"]["id"]
    assert str(type(tractor).objects.with_current_lease().get().current_lease_id) == lease_id


def test_the_order_stays_accepted(api, meena, accepted):
    sign(api(meena), accepted.pk)
    accepted.refresh_from_db()
    assert accepted.status == "ACCEPTED"


def test_all_parties_get_the_messages_of_the_contract(api, meena, ravi, tractor, accepted, farid, gita):
    lease_id = sign(api(meena), accepted.pk, operators=[primary(farid), secondary(gita)]).body["data"]["id"]
    lease, device = lease_id[:8], str(tractor.pk)[:8]
    assert texts_to(ravi) == [
        f"Your lease #{lease} has been created successfully! Device: {device}, Start: 2024-01-15, End: 2024-01-20. "
        "You can now start operations."
    ]
    assert texts_to(meena) == [
        f"Lease #{lease} created successfully for VLE. Device: {device}, Start: 2024-01-15, End: 2024-01-20"
    ]
    assigned = [f"You have been assigned as operator to Lease #{lease}. Device: {device}"]
    assert texts_to(farid.user) == texts_to(gita.user) == assigned


def test_the_messages_refer_to_the_lease(api, meena, accepted, farid):
    lease_id = sign(api(meena), accepted.pk, operators=[primary(farid)]).body["data"]["id"]
    filed = SmsMessage.objects.values_list("event", "related_type", "related_id", "status")
    assert sorted((event, kind, str(pk), status) for event, kind, pk, status in filed) == [
        ("LEASE_CREATED", "LEASE", lease_id, "PENDING"),
        ("LEASE_CREATED", "LEASE", lease_id, "PENDING"),
        ("OPERATOR_ASSIGNED", "LEASE", lease_id, "PENDING"),
    ]


def test_other_admins_get_no_message(api, meena, accepted):
    other = factories.user("+919876543201", "Nila", Role.ADMIN)
    sign(api(meena), accepted.pk)
    assert texts_to(other) == []


def test_an_admin_who_is_the_vle_too_gets_both_messages(api, tractor):
    both = factories.vle("+919876543233", "Both")
    both.role_assignments.create(role=Role.ADMIN)
    order = factories.order(Kind.LEASE, tractor, both, status="ACCEPTED")
    sign(api(both, Role.ADMIN), order.pk)
    assert len(texts_to(both)) == 2


@pytest.mark.parametrize("order_id", [UNKNOWN, "order-id-123", "x" * 4000, "०", "{" + UNKNOWN + "}"])
def test_an_unknown_order_is_not_found(api, meena, order_id):
    assert_refused(sign(api(meena), order_id), "Order not found", 404)


def test_a_rent_order_cannot_be_leased(api, meena, leased_tractor, asha):
    order = factories.order(Kind.RENT, leased_tractor, asha, status="ACCEPTED")
    response = sign(api(meena), order.pk)
    assert (response.status_code, response.body["message"]) == (400, "Operation failed")
    assert response.body["errorDetails"] == "Only LEASE orders can create leases"
    assert Lease.objects.count() == 1


@pytest.mark.parametrize("status", ["INTEREST_RAISED", "UNDER_REVIEW", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED"])
def test_only_an_accepted_order_can_be_leased(api, meena, ravi, tractor, status):
    order = factories.order(Kind.LEASE, tractor, ravi, status=status)
    assert_refused(sign(api(meena), order.pk), "Order must be ACCEPTED to create lease")


@pytest.mark.parametrize("status", ["CLOSED", "REJECTED", "CANCELLED"])
def test_an_ended_order_cannot_be_leased(api, meena, ravi, tractor, status):
    order = factories.order(Kind.LEASE, tractor, ravi, status=status)
    assert_refused(sign(api(meena), order.pk), "Order must be ACCEPTED to create lease")


def test_a_device_is_leased_once(api, meena, accepted):
    sign(api(meena), accepted.pk)
    again = sign(api(meena), accepted.pk)
    assert (again.status_code, again.body["errorDetails"]) == (400, "Device is already leased")
    assert Lease.objects.count() == 1


def test_a_leased_device_cannot_be_leased_by_another_order(api, meena, ravi, leased_tractor):
    other = factories.order(
        Kind.LEASE,
        leased_tractor,
        ravi,
        status="ACCEPTED",
        start_date=date(2025, 1, 1),
        end_date=date(2025, 1, 2),
    )
    response = sign(api(meena), other.pk)
    assert (response.status_code, response.body["errorDetails"]) == (400, "Device is already leased")


def test_a_retired_device_cannot_be_leased(api, meena, ravi):
    order = factories.order(Kind.LEASE, factories.device(status="RETIRED"), ravi, status="ACCEPTED")
    assert_refused(sign(api(meena), order.pk), "Device is retired")


def test_a_suspended_vle_gets_no_lease(api, meena, ravi, accepted):
    VleProfile.objects.update(status="SUSPENDED")
    assert_refused(sign(api(meena), accepted.pk), "VLE profile is suspended")


def test_a_vle_without_a_profile_gets_no_lease(api, meena, tractor):
    without_profile = factories.user("+919876543277", "Sita", Role.VLE)
    order = factories.order(Kind.LEASE, tractor, without_profile, status="ACCEPTED")
    assert_refused(sign(api(meena), order.pk), "VLE profile not found for user")


# --- Operators ---


def test_an_unknown_operator_is_not_found(api, meena, accepted):
    assignments = [{"operatorId": UNKNOWN, "role": "PRIMARY"}]
    assert_refused(sign(api(meena), accepted.pk, operators=assignments), "Operator not found", 404)


@pytest.mark.parametrize("status", ["SUSPENDED", "ARCHIVED"])
def test_an_inactive_operator_is_refused(api, meena, accepted, status):
    idle = operator("+919876543288", "Idle", status=status)
    assert_refused(sign(api(meena), accepted.pk, operators=[primary(idle)]), "Operator is not active")


def test_there_is_one_primary_operator_at_most(api, meena, accepted, farid, gita):
    response = sign(api(meena), accepted.pk, operators=[primary(farid), primary(gita)])
    assert_refused(response, "A lease can have at most one PRIMARY operator")


def test_no_operator_is_assigned_twice(api, meena, accepted, farid):
    twice = [primary(farid), {"operatorId": str(farid.pk).upper(), "role": "SECONDARY"}]
    assert_refused(sign(api(meena), accepted.pk, operators=twice), "Operator is assigned twice")


def test_a_lease_may_have_secondary_operators_only(api, meena, accepted, farid, gita):
    data = sign(api(meena), accepted.pk, operators=[secondary(farid), secondary(gita)]).body["data"]
    assert [(one["operatorId"], one["role"]) for one in data["operators"]] == [
        (str(farid.pk), "SECONDARY"),
        (str(gita.pk), "SECONDARY"),
    ]


# --- Price ---


def commitment_and_price(response):
    return response.body["data"]["commitment"], response.body["data"]["estimatedPrice"]


@pytest.mark.parametrize(
    ("amounts", "commitment", "price"),
    [
        ({"requested_hours": 10, "requested_acres": 5}, {"type": "HOURS", "value": 10.0}, 15000.0),
        ({"requested_hours": Decimal("2.5")}, {"type": "HOURS", "value": 2.5}, 3750.0),
        ({"requested_acres": Decimal("1.01")}, {"type": "ACRES", "value": 1.01}, 909.0),
        ({}, None, None),
    ],
)
def test_hours_are_priced_before_acres(api, meena, ravi, tractor, amounts, commitment, price):
    order = factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", **amounts)
    assert commitment_and_price(sign(api(meena), order.pk)) == (commitment, price)


def test_the_rate_of_the_start_day_takes_precedence_over_the_default(api, meena, tractor, accepted):
    season = factories.price(tractor.device_type, effective_from=date(2024, 1, 15), effective_to=date(2024, 1, 15))
    season.rates.filter(metric="PER_HOUR").update(rate=2000)
    assert sign(api(meena), accepted.pk).body["data"]["estimatedPrice"] == 20000.0


def test_the_price_of_another_season_does_not_count(api, meena, tractor, accepted):
    season = factories.price(tractor.device_type, effective_from=date(2024, 1, 16), effective_to=date(2024, 3, 1))
    season.rates.filter(metric="PER_HOUR").update(rate=2000)
    assert sign(api(meena), accepted.pk).body["data"]["estimatedPrice"] == 15000.0


def test_there_is_no_price_without_a_rule(api, meena, accepted):
    PricingRule.objects.all().delete()
    response = sign(api(meena), accepted.pk)
    assert commitment_and_price(response) == ({"type": "HOURS", "value": 10.0}, None)


def test_the_highest_price_fits_its_column(api, meena, ravi, tractor):
    PricingRate.objects.update(rate=1_000_000)
    order = factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", requested_hours=100000)
    assert sign(api(meena), order.pk).status_code == 201
    assert Lease.objects.get().estimated_price == Decimal(100_000_000_000)


# --- Fields ---


@pytest.mark.parametrize(
    ("terms", "details"),
    [
        ({"orderId": None}, "{orderId=Order ID is required}"),
        ({"orderId": ""}, "{orderId=Order ID is required}"),
        ({"orderId": ["x"]}, "{orderId=Order ID must be text}"),
        ({"orderId": {"id": "x"}}, "{orderId=Order ID must be text}"),
        ({"orderId": True}, "{orderId=Order ID must be text}"),
        ({"depositAmount": -0.01}, "{depositAmount=Deposit amount must not be negative}"),
        ({"depositAmount": "5000"}, "{depositAmount=Deposit amount must be a number}"),
        ({"depositAmount": True}, "{depositAmount=Deposit amount must be a number}"),
        ({"depositAmount": [1]}, "{depositAmount=Deposit amount must be a number}"),
        ({"depositAmount": 0.001}, "{depositAmount=Deposit amount must have at most 2 decimals}"),
        ({"depositAmount": 10**400}, "{depositAmount=Deposit amount is too large}"),
        ({"depositAmount": 10**10}, "{depositAmount=Deposit amount is too large}"),
        ({"operators": "farid"}, "{operators=Operators must be a list}"),
        ({"operators": {"operatorId": UNKNOWN}}, "{operators=Operators must be a list}"),
        ({"operators": [{}]}, "{operators[0].operatorId=Operator ID is required, operators[0].role=Role is required}"),
        (
            {"operators": [{"operatorId": UNKNOWN, "role": "DRIVER"}]},
            "{operators[0].role=Role must be PRIMARY or SECONDARY}",
        ),
        ({"operators": [{"operatorId": UNKNOWN, "role": None}]}, "{operators[0].role=Role is required}"),
        (
            {"operators": [{"operatorId": 7.5, "role": []}]},
            "{operators[0].operatorId=Operator ID must be text, operators[0].role=Role must be PRIMARY or SECONDARY}",
        ),
        ({"operators": [None]}, "{operators[0]=An operator must be an object}"),
        ({"operators": ["x"]}, "{operators[0]=An operator must be an object}"),
        (
            {"operators": [{"operatorId": UNKNOWN, "role": "SECONDARY"}] * 21},
            "{operators=Operators must be at most 20}",
        ),
        ({"notes": "x" * 1001}, "{notes=Notes must be at most 1000 characters}"),
        ({"notes": 5}, "{notes=Notes must be text}"),
        ({"notes": "a\u0000b"}, "{notes=Notes must not contain control characters}"),
    ],
)
def test_invalid_fields_are_refused(api, meena, accepted, terms, details):
    response = api(meena).post("/admin/leases", {"orderId": str(accepted.pk)} | terms, format="json")
    assert response.body["message"] == "Validation failed"
    assert_refused(response, details)


@pytest.mark.parametrize("body", [[], [1], "text", 5, None, True])
def test_a_body_that_is_not_an_object_is_refused(api, meena, body):
    response = api(meena).post("/admin/leases", body, format="json")
    assert (response.status_code, response.body["message"]) == (400, "Validation failed")


def test_only_the_order_is_required(api, meena, accepted):
    data = sign(api(meena), accepted.pk, depositAmount=None, operators=None, notes=None).body["data"]
    assert (data["depositAmount"], data["operators"], data["notes"]) == (None, [], "")


@pytest.mark.parametrize(("sent", "stored"), [(0, 0.0), (5000, 5000.0), (0.01, 0.01), (9999999999.99, 9999999999.99)])
def test_a_deposit_is_stored_to_the_paisa(api, meena, accepted, sent, stored):
    assert sign(api(meena), accepted.pk, depositAmount=sent).body["data"]["depositAmount"] == stored


def test_unknown_fields_are_ignored(api, meena, ravi, accepted):
    forged = {"status": "TERMINATED", "estimatedPrice": 1, "vleId": UNKNOWN, "signedByAdminId": str(ravi.pk)}
    data = sign(api(meena), accepted.pk, **forged).body["data"]
    assert (data["status"], data["estimatedPrice"], data["signedByAdminId"]) == ("ACTIVE", 15000.0, str(meena.pk))


# --- Permissions ---


@pytest.mark.parametrize("role", [Role.VLE, Role.FARMER, Role.OPERATOR])
def test_only_admins_create_leases(api, accepted, role):
    person = factories.user("+919876543266", "Person", role)
    response = sign(api(person), accepted.pk)
    assert response.body["message"] == "Access denied"
    assert_refused(response, "Admin role required", 403)


def test_an_admin_in_another_role_is_refused(api, accepted):
    person = factories.user("+919876543266", "Person", Role.ADMIN, Role.FARMER)
    assert_refused(sign(api(person, Role.FARMER), accepted.pk), "Admin role required", 403)


def test_a_stranger_is_refused_before_the_body_is_read(api, charu):
    response = api(charu).post("/admin/leases", b"{", content_type="application/json")
    assert response.status_code == 403


def test_creating_needs_a_token(api, accepted):
    response = sign(api(), accepted.pk)
    assert response.body["message"] == "Invalid or expired token"
    assert_refused(response, "Authentication failed", 401)


def test_after_an_error_the_order_can_still_be_leased(api, meena, accepted, farid, gita):
    before = Order.objects.filter(pk=accepted.pk).values().get()
    sign(api(meena), accepted.pk, operators=[primary(farid), primary(gita)])
    assert Order.objects.filter(pk=accepted.pk).values().get() == before
