"""Test the constraints of leases in the database."""

import pytest
from django.db import IntegrityError, connection, transaction

from devices.choices import LEASE_ACTIVE
from leases.models import Lease
from leases.workflow import LeaseStatus
from orders.choices import Kind
from tests.support import factories


def definition_of(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(oid) FROM pg_class WHERE relname = %s", [name])
        row = cursor.fetchone()
        if row is None:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
            row = cursor.fetchone()
    return row and row[0]


def copy_of(lease, **changes):
    """INSERT the lease a second time in plain SQL, with `changes`."""
    row = Lease.objects.filter(pk=lease.pk).values().get() | {"id": "11111111-1111-4111-8111-111111111111"} | changes
    columns, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO leases_lease ({columns}) VALUES ({marks})", list(row.values()))


@pytest.fixture
def other_order(lease, ravi):
    return factories.order(Kind.LEASE, lease.device, ravi, status="CLOSED")


def test_devices_name_the_status_of_an_active_lease():
    assert LEASE_ACTIVE == LeaseStatus.ACTIVE


def test_the_constraint_on_active_leases_exists():
    assert definition_of("one_active_lease_per_device") == (
        "CREATE UNIQUE INDEX one_active_lease_per_device ON public.leases_lease USING btree (device_id)"
        " WHERE ((status)::text = 'ACTIVE'::text)"
    )


def test_no_second_active_lease_by_plain_sql(lease, other_order):
    with pytest.raises(IntegrityError, match="one_active_lease_per_device"):
        copy_of(lease, order_id=other_order.pk)
    assert Lease.objects.count() == 1


def test_an_ended_lease_does_not_conflict(lease, other_order):
    copy_of(lease, order_id=other_order.pk, status="COMPLETED")
    with pytest.raises(IntegrityError, match="one_active_lease_per_device"), transaction.atomic():
        Lease.objects.filter(status="COMPLETED").update(status="ACTIVE")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "COMPLETED"}, "one_lease_per_order"),
        ({"status": "PAUSED"}, "lease_status_is_known"),
        ({"status": "TERMINATED", "end_date": "2023-12-31"}, "lease_ends_after_it_starts"),
        ({"status": "TERMINATED", "deposit_amount": -1}, "deposit_not_negative"),
        ({"status": "TERMINATED", "commitment_type": "HOURS"}, "lease_commitment_has_type_and_value"),
        ({"status": "TERMINATED", "commitment_value": 5}, "lease_commitment_has_type_and_value"),
        (
            {"status": "TERMINATED", "commitment_type": "DAYS", "commitment_value": 5},
            "lease_commitment_has_type_and_value",
        ),
    ],
)
def test_invalid_rows_are_refused_in_plain_sql(lease, changes, name):
    with pytest.raises(IntegrityError, match=name):
        copy_of(lease, **changes)


@pytest.mark.parametrize(
    ("assignments", "name"),
    [
        ([("farid", "PRIMARY"), ("gita", "PRIMARY")], "one_primary_operator_per_lease"),
        ([("farid", "PRIMARY"), ("farid", "SECONDARY")], "one_assignment_per_lease_and_operator"),
        ([("farid", "DRIVER")], "operator_role_is_known"),
    ],
)
def test_invalid_assignments_are_refused(lease, farid, gita, assignments, name):
    people = {"farid": farid, "gita": gita}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        for person, role in assignments:
            lease.operators.create(operator=people[person], role=role)


def test_a_document_of_an_unknown_type_is_refused(lease):
    with pytest.raises(IntegrityError, match="attachment_type_is_known"), transaction.atomic():
        lease.attachments.create(type="SELFIE", name="a", file="a", content_type="image/png", size=1)
