"""POST /admin/leases: the rules, whatever form the body comes in."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Operator, Role, VleProfile
from leases.models import Lease
from notifications.models import SmsMessage
from orders.models import Kind
from tests.support import world
from tests.support.inbox import texts_to

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def sign(client, order_id, **terms):
    return client.post("/admin/leases", {"orderId": str(order_id), **terms}, format="json")


def primary(operator):
    return {"operatorId": str(operator.pk), "role": "PRIMARY"}


def secondary(operator):
    return {"operatorId": str(operator.pk), "role": "SECONDARY"}


def refused(response, details, status=400):
    """The answer says no with these details, and nobody was told anything."""
    assert (response.status_code, response.body["errorDetails"]) == (status, details)
    assert not Lease.objects.filter(status="ACTIVE").exists()
    assert not SmsMessage.objects.exists()


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
            {
                "operatorId": str(farid.pk),
                "role": "PRIMARY",
                "assignedAt": wire(lease.operators.get().assigned_at),
            }
        ],
        "signedByAdminId": str(meena.pk),
        "attachments": [],
        "notes": "Lease agreement signed",
        "createdAt": wire(lease.created_at),
        "updatedAt": wire(lease.updated_at),
    }


def wire(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
