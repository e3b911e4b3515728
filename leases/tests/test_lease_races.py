"""Test concurrent leases of one device, each with documents and operators of its own."""

import json
from datetime import date
from functools import partial

import pytest
from django.db import connection

from devices.queries import DeviceQuerySet
from leases.models import ONE_ACTIVE_LEASE, Lease, LeaseAttachment
from leases.tests.conftest import operator
from notifications.models import SmsMessage
from orders.choices import Kind
from tests.support import factories
from tests.support.clients import api_client
from tests.support.files import jpg, sent
from tests.support.races import deadlocks, statuses, together

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 8


@pytest.fixture(autouse=True)
def no_deadlock():
    before = deadlocks()
    yield
    assert deadlocks() == before


def signing(admin, order, operators):
    terms = {"orderId": str(order.pk), "operators": [{"operatorId": str(operators.pk), "role": "PRIMARY"}]}
    # Images: each PDF is inspected by a process, whose start would spread the requests over time.
    form = {"request": json.dumps(terms), "attachmentFiles": [sent(jpg(), "a.jpg"), sent(jpg(), "b.jpg")]}
    return partial(api_client(admin).post, "/admin/leases", form, format="multipart")


def orders_of(tractor, ravi):
    """Return accepted orders of one device, for periods that do not overlap."""
    days = [(date(2024, month, 1), date(2024, month, 20)) for month in range(1, RIVALS + 1)]
    return [
        factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", start_date=start, end_date=end)
        for start, end in days
    ]


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def assert_one_won(answers, private_files):
    """Assert that there is one lease with its messages and two files, and that seven requests left nothing."""
    assert statuses(answers) == {201: 1, 400: RIVALS - 1}
    assert {answer.body.get("errorDetails") for answer in answers} == {None, "Device is already leased"}
    assert Lease.objects.count() == 1
    assert SmsMessage.objects.count() == 3
    assert {path.stem for path in files_below(private_files)} == {
        attachment.file.name.rsplit("/", 1)[-1].removesuffix(".jpg") for attachment in LeaseAttachment.objects.all()
    }


@pytest.mark.parametrize("round_", range(3))
def test_eight_requests_for_one_order_create_one_lease(accepted, meena, farid, private_files, round_):
    assert_one_won(together(*[signing(meena, accepted, farid) for _ in range(RIVALS)]), private_files)


def test_eight_orders_of_one_device_create_one_lease(tractor, ravi, meena, farid, private_files):
    acts = [signing(meena, order, farid) for order in orders_of(tractor, ravi)]
    assert_one_won(together(*acts), private_files)


def test_the_constraint_alone_allows_one_lease(tractor, ravi, meena, farid, private_files, monkeypatch):
    monkeypatch.setattr(DeviceQuerySet, "lock", DeviceQuerySet.find)
    acts = [signing(meena, order, farid) for order in orders_of(tractor, ravi)]
    assert_one_won(together(*acts), private_files)


def test_control_without_lock_and_constraint_there_are_several(tractor, ravi, meena, farid, monkeypatch):
    monkeypatch.setattr(DeviceQuerySet, "lock", DeviceQuerySet.find)
    acts = [signing(meena, order, farid) for order in orders_of(tractor, ravi)]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {ONE_ACTIVE_LEASE}")
    try:
        together(*acts)
        leased_twice = Lease.objects.filter(status="ACTIVE").count() > 1
    finally:
        Lease.objects.all().delete()
        restore_constraint()
    assert leased_twice


def test_a_lease_ends_once(leased_tractor, meena):
    lease = leased_tractor.leases.get()
    path = f"/admin/leases/{lease.pk}"
    acts = [
        partial(api_client(meena).post, f"{path}/{how}", {"note": how}, format="json")
        for how in ("complete", "terminate") * 4
    ]
    assert statuses(together(*acts)) == {200: 1, 400: RIVALS - 1}
    lease.refresh_from_db()
    assert (lease.status, lease.end_note) in {("COMPLETED", "complete"), ("TERMINATED", "terminate")}


def test_a_new_lease_races_with_the_end_of_the_old_one(leased_tractor, ravi, meena, farid, private_files):
    lease = leased_tractor.leases.get()
    ending = partial(api_client(meena).post, f"/admin/leases/{lease.pk}/complete", {}, format="json")
    acts = [signing(meena, order, farid) for order in orders_of(leased_tractor, ravi)]
    ended, *answers = together(ending, *acts)
    assert ended.status_code == 200
    assert statuses(answers).get(201, 0) <= 1
    assert set(statuses(answers)) <= {201, 400}
    assert Lease.objects.filter(status="ACTIVE").count() == statuses(answers).get(201, 0)


def test_eight_new_primaries_leave_one(leased_tractor, meena):
    lease = leased_tractor.leases.get()
    operators = [operator(f"+9198765440{number:02}", f"Operator {number}") for number in range(RIVALS)]
    path = f"/admin/leases/{lease.pk}/operators"
    acts = [
        partial(api_client(meena).post, path, {"operatorId": str(one.pk), "role": "PRIMARY"}, format="json")
        for one in operators
    ]
    assert statuses(together(*acts)) == {200: RIVALS}
    assert lease.operators.filter(role="PRIMARY", released_at=None).count() == 1
    assert lease.operators.count() == SmsMessage.objects.count() == RIVALS


def restore_constraint():
    constraint = next(one for one in Lease._meta.constraints if one.name == ONE_ACTIVE_LEASE)
    with connection.schema_editor() as editor:
        editor.add_constraint(Lease, constraint)
