"""Test the changes of a lease: operators are assigned and replaced, and it ends."""

import pytest

from accounts.models import Role
from core.errors import Forbidden
from devices.models import Device
from leases.models import Lease
from leases.services import complete_lease
from leases.tests.conftest import operator
from notifications.models import SmsMessage
from orders.choices import Kind
from tests.support import factories
from tests.support.clients import actor
from tests.support.inbox import texts_to

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def assign(client, lease, person, role="PRIMARY"):
    return client.post(
        f"/admin/leases/{lease.pk}/operators", {"operatorId": str(person.pk), "role": role}, format="json"
    )


def operators_of(response):
    return [(one["operatorId"], one["role"]) for one in response.body["data"]["operators"]]


def end(client, lease, how, **body):
    return client.post(f"/admin/leases/{lease.pk}/{how}", body, format="json")


def test_the_workflow_is_the_contracts():
    assert Lease.transitions() == {("ACTIVE", "COMPLETED"), ("ACTIVE", "TERMINATED")}


# --- Operators ---


def test_an_assigned_operator_gets_a_message(api, meena, lease, farid):
    response = assign(api(meena), lease, farid)
    assert (response.status_code, operators_of(response)) == (200, [(str(farid.pk), "PRIMARY")])
    assert texts_to(farid.user) == [
        f"You have been assigned as operator to Lease #{str(lease.pk)[:8]}. Device: {str(lease.device_id)[:8]}"
    ]


def test_a_primary_replaces_the_primary(api, meena, lease, farid, gita):
    assign(api(meena), lease, farid)
    response = assign(api(meena), lease, gita)
    assert operators_of(response) == [(str(gita.pk), "PRIMARY")]
    assert (len(texts_to(farid.user)), len(texts_to(gita.user))) == (1, 1)


def test_replaced_operators_stay_on_record(api, meena, lease, farid, gita):
    assign(api(meena), lease, farid)
    assign(api(meena), lease, gita)
    past = lease.operators.get(released_at__isnull=False)
    assert (past.operator, past.role) == (farid, "PRIMARY")


def test_secondary_operators_do_not_replace_others(api, meena, lease, farid, gita):
    assign(api(meena), lease, farid)
    third = operator("+919876543215", "Third")
    assign(api(meena), lease, gita, "SECONDARY")
    response = assign(api(meena), lease, third, "SECONDARY")
    assert operators_of(response) == [
        (str(farid.pk), "PRIMARY"),
        (str(gita.pk), "SECONDARY"),
        (str(third.pk), "SECONDARY"),
    ]


def test_a_secondary_becomes_primary_without_another_message(api, meena, lease, farid, gita):
    assign(api(meena), lease, farid)
    assign(api(meena), lease, gita, "SECONDARY")
    response = assign(api(meena), lease, gita)
    assert operators_of(response) == [(str(gita.pk), "PRIMARY")]
    assert len(texts_to(gita.user)) == 1


def test_an_operator_assigned_again_gets_a_message_again(api, meena, lease, farid, gita):
    for person in (farid, gita, farid):
        assign(api(meena), lease, person)
    assert len(texts_to(farid.user)) == 2


def test_an_operator_is_not_assigned_twice(api, meena, lease, farid):
    assign(api(meena), lease, farid)
    response = assign(api(meena), lease, farid)
    assert (response.status_code, response.body["errorDetails"]) == (400, "Operator is already assigned to this lease")
    assert len(texts_to(farid.user)) == 1


@pytest.mark.parametrize("status", ["SUSPENDED", "ARCHIVED"])
def test_an_inactive_operator_is_refused(api, meena, lease, status):
    response = assign(api(meena), lease, operator("+919876543288", "Idle", status=status))
    assert (response.status_code, response.body["errorDetails"]) == (400, "Operator is not active")


@pytest.mark.parametrize("how", ["complete", "terminate"])
def test_an_ended_lease_accepts_no_operator(api, meena, lease, farid, how):
    end(api(meena), lease, how)
    response = assign(api(meena), lease, farid)
    assert response.status_code == 400
    assert response.body["errorDetails"] == "Operators can only be assigned while the lease is ACTIVE"
    assert not lease.operators.exists()
    assert texts_to(farid.user) == []


@pytest.mark.parametrize(
    ("body", "status", "details"),
    [
        ({}, 400, "{operatorId=Operator ID is required, role=Role is required}"),
        ({"operatorId": UNKNOWN, "role": "DRIVER"}, 400, "{role=Role must be PRIMARY or SECONDARY}"),
        ({"operatorId": UNKNOWN, "role": "PRIMARY"}, 404, "Operator not found"),
        ({"operatorId": "x\ty", "role": "PRIMARY"}, 404, "Operator not found"),
        (
            {"operatorId": {}, "role": {}},
            400,
            "{operatorId=Operator ID must be text, role=Role must be PRIMARY or SECONDARY}",
        ),
    ],
)
def test_an_assignment_needs_operator_and_role(api, meena, lease, body, status, details):
    response = api(meena).post(f"/admin/leases/{lease.pk}/operators", body, format="json")
    assert (response.status_code, response.body["errorDetails"]) == (status, details)
    assert not SmsMessage.objects.exists()


def test_an_assignment_changes_updated_at(api, meena, lease, farid):
    assign(api(meena), lease, farid)
    changed = Lease.objects.get().updated_at.isoformat()
    assert len(api(meena).get("/admin/leases", {"updatedSince": changed}).body["data"]) == 1


# --- The end ---


@pytest.mark.parametrize(("how", "status"), [("complete", "COMPLETED"), ("terminate", "TERMINATED")])
def test_a_lease_ends_and_the_device_is_free(api, meena, lease, how, status):
    response = end(api(meena), lease, how, note="Came back clean")
    assert (response.status_code, response.body["data"]["status"]) == (200, status)
    assert Device.objects.with_current_lease().get().current_lease_id is None
    lease.refresh_from_db()
    assert (lease.ended_by, lease.end_note) == (meena, "Came back clean")
    assert lease.ended_at is not None


@pytest.mark.parametrize("how", ["complete", "terminate"])
@pytest.mark.parametrize("again", ["complete", "terminate"])
def test_a_lease_ends_once(api, meena, lease, how, again):
    end(api(meena), lease, how, note="first")
    response = end(api(meena), lease, again, note="second")
    states = {"complete": "COMPLETED", "terminate": "TERMINATED"}
    assert response.status_code == 400
    assert response.body["errorDetails"] == f"Invalid state transition from {states[how]} to {states[again]}"
    assert Lease.objects.get().end_note == "first"


@pytest.mark.parametrize("how", ["complete", "terminate"])
def test_the_device_can_be_leased_again(api, meena, ravi, lease, how):
    end(api(meena), lease, how)
    order = factories.order(Kind.LEASE, lease.device, ravi, status="ACCEPTED")
    assert api(meena).post("/admin/leases", {"orderId": str(order.pk)}, format="json").status_code == 201


def test_the_order_of_a_terminated_lease_can_be_leased_again(api, meena, accepted):
    body = {"orderId": str(accepted.pk)}
    first = api(meena).post("/admin/leases", body, format="json").body["data"]["id"]
    end(api(meena), Lease.objects.get(pk=first), "terminate", note="Wrong deposit")
    assert api(meena).post("/admin/leases", body, format="json").status_code == 201


def test_the_order_of_a_completed_lease_cannot_be_leased_again(api, meena, accepted):
    body = {"orderId": str(accepted.pk)}
    first = api(meena).post("/admin/leases", body, format="json").body["data"]["id"]
    end(api(meena), Lease.objects.get(pk=first), "complete")
    response = api(meena).post("/admin/leases", body, format="json")
    assert (response.status_code, response.body["errorDetails"]) == (400, "Order already has a lease")


@pytest.mark.parametrize("how", ["complete", "terminate"])
@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"note": "x" * 1001}, "{note=Note must be at most 1000 characters}"),
        ({"note": ["x"]}, "{note=Note must be text}"),
        ([], "{body=Invalid data. Expected a dictionary, but got list.}"),
    ],
)
def test_an_invalid_end_note_is_refused(api, meena, lease, how, body, details):
    response = api(meena).post(f"/admin/leases/{lease.pk}/{how}", body, format="json")
    assert (response.status_code, response.body["errorDetails"]) == (400, details)
    assert Lease.objects.get().status == "ACTIVE"


@pytest.mark.parametrize("how", ["complete", "terminate"])
def test_the_body_of_the_end_is_optional(api, meena, lease, how):
    assert api(meena).post(f"/admin/leases/{lease.pk}/{how}").status_code == 200


# --- Permissions ---

ACTS = [
    ("operators", {"operatorId": UNKNOWN, "role": "PRIMARY"}),
    ("complete", {}),
    ("terminate", {}),
]


@pytest.mark.parametrize(("act", "body"), ACTS)
def test_the_vle_of_the_lease_manages_nothing(api, ravi, lease, act, body):
    response = api(ravi).post(f"/admin/leases/{lease.pk}/{act}", body, format="json")
    assert (response.status_code, response.body["errorDetails"]) == (403, "Admin role required")
    assert Lease.objects.get().status == "ACTIVE"


@pytest.mark.parametrize(("act", "body"), ACTS)
@pytest.mark.parametrize("role", [Role.FARMER, Role.OPERATOR, Role.VLE])
def test_strangers_manage_nothing(api, lease, act, body, role):
    stranger = factories.user("+919876543255", "Other", role)
    assert api(stranger).post(f"/admin/leases/{lease.pk}/{act}", body, format="json").status_code == 403
    assert api().post(f"/admin/leases/{lease.pk}/{act}", body, format="json").status_code == 401
    assert Lease.objects.get().status == "ACTIVE"


@pytest.mark.parametrize(("act", "body"), ACTS)
@pytest.mark.parametrize("lease_id", [UNKNOWN, "lease-id-123"])
def test_an_unknown_lease_is_not_found(api, meena, act, body, lease_id):
    response = api(meena).post(f"/admin/leases/{lease_id}/{act}", body, format="json")
    assert (response.status_code, response.body["errorDetails"]) == (404, "Lease not found")


def test_the_service_asks_the_policy(ravi, lease):
    with pytest.raises(Forbidden, match="Admin role required"):
        complete_lease(lease, by=actor(ravi))
