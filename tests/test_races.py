"""Rivals at the same moment: one winner, a clear answer for everybody else, never a deadlock or a 5xx.

Each race has a control that takes the guard away and must then show the harm: so the race is known to be one.
"""

from datetime import date
from functools import partial

import pytest
from django.db import connection

from accounts.models import Role
from devices.queries import DeviceQuerySet
from leases.models import Lease
from notifications.models import SmsMessage
from orders.choices import Kind
from orders.models import Order
from orders.workflow import BOOKED
from tests.support import factories
from tests.support.clients import Client, api_client
from tests.support.races import deadlocks, statuses, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


@pytest.fixture(autouse=True)
def no_deadlock():
    before = deadlocks()
    yield
    assert deadlocks() == before


def accepting(client: Client, order: Order):
    return partial(client.patch, f"/orders/{order.pk}/status", {"toState": "ACCEPTED"}, format="json")


def cancelling(client: Client, order: Order):
    return partial(client.post, f"/orders/{order.pk}/cancel", {}, format="json")


def rejecting(client: Client, order: Order):
    return partial(client.post, f"/admin/orders/{order.pk}/reject", {}, format="json")


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_twenty_rival_orders_accepted_at_once(tractor, meena, round_):
    vles = [factories.vle(f"+9198765500{number:02}", f"VLE {number}") for number in range(20)]
    orders = [factories.order(Kind.LEASE, tractor, vle) for vle in vles]
    answers = together(*[accepting(api_client(meena), order) for order in orders])
    assert statuses(answers) == {200: 1, 400: 19}
    refusals = {answer.body["errorDetails"] for answer in answers if answer.status_code == 400}
    assert refusals == {"Device is already booked from 2024-01-15 to 2024-01-20"}
    assert Order.objects.filter(status__in=BOOKED).count() == 1
    assert SmsMessage.objects.filter(event="ORDER_STATUS_UPDATED").count() == 2


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_twenty_acceptances_of_one_order(tractor, ravi, meena, round_):
    order = factories.order(Kind.LEASE, tractor, ravi)
    answers = together(*[accepting(api_client(meena), order) for _ in range(20)])
    assert statuses(answers) == {200: 1, 400: 19}
    assert SmsMessage.objects.count() == 2


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_cancelling_against_accepting(tractor, ravi, meena, round_):
    order = factories.order(Kind.LEASE, tractor, ravi)
    acts = [accepting(api_client(meena), order) for _ in range(5)]
    acts += [cancelling(api_client(ravi, Role.VLE), order) for _ in range(5)]
    answers = together(*acts)
    assert statuses(answers) == {200: 1, 400: 9}
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    order.refresh_from_db()
    assert order.status == ("ACCEPTED" if winner < 5 else "CANCELLED")


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_accepting_against_rejecting(tractor, ravi, meena, round_):
    order = factories.order(Kind.LEASE, tractor, ravi)
    acts = [accepting(api_client(meena), order) for _ in range(5)] + [
        rejecting(api_client(meena), order) for _ in range(5)
    ]
    assert statuses(together(*acts)) == {200: 1, 400: 9}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_eight_leases_from_one_order(tractor, ravi, meena, round_):
    order = factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED")
    signing = [
        partial(api_client(meena).post, "/admin/leases", {"orderId": str(order.pk)}, format="json") for _ in range(8)
    ]
    assert statuses(together(*signing)) == {201: 1, 400: 7}
    assert Lease.objects.filter(device=tractor, status="ACTIVE").count() == 1


def test_eight_leases_from_eight_orders_of_one_device(tractor, ravi, meena):
    orders = [
        factories.order(
            Kind.LEASE,
            tractor,
            ravi,
            status="ACCEPTED",
            start_date=date(2024, month, 1),
            end_date=date(2024, month, 20),
        )
        for month in range(1, 9)
    ]
    signing = [
        partial(api_client(meena).post, "/admin/leases", {"orderId": str(order.pk)}, format="json") for order in orders
    ]
    answers = together(*signing)
    assert statuses(answers) == {201: 1, 400: 7}
    refusals = {answer.body["errorDetails"] for answer in answers if answer.status_code == 400}
    assert refusals == {"Device is already leased"}


def test_farmers_order_while_the_lease_ends(leased_tractor, asha, meena):
    lease = Lease.objects.get()
    order_data = {"deviceId": str(leased_tractor.pk), "startDate": "2024-03-01", "endDate": "2024-03-02"}
    asking = [partial(api_client(asha).post, "/orders", order_data, format="json") for _ in range(10)]
    ending = partial(api_client(meena).post, f"/admin/leases/{lease.pk}/complete", {}, format="json")
    *answers, ended = together(*asking, ending)
    assert ended.status_code == 200
    assert set(statuses(answers)) <= {201, 400}
    assert Order.objects.filter(kind=Kind.RENT).count() == statuses(answers).get(201, 0)


def test_a_second_booking_is_refused_by_the_database_itself(tractor, ravi):
    factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED")
    rival = factories.order(Kind.LEASE, tractor, ravi)
    with connection.cursor() as cursor, pytest.raises(Exception, match="no_double_booking"):
        cursor.execute("UPDATE orders_order SET status = 'ACTIVE' WHERE id = %s", [rival.pk])


def test_control_without_lock_and_constraint_rivals_are_booked_twice(tractor, ravi, meena, monkeypatch):
    monkeypatch.setattr(DeviceQuerySet, "lock", DeviceQuerySet.find)
    orders = [factories.order(Kind.LEASE, tractor, ravi) for _ in range(20)]
    acts = [accepting(api_client(meena), order) for order in orders]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_order DROP CONSTRAINT no_double_booking")
    try:
        together(*acts)
        booked_twice = Order.objects.filter(status__in=BOOKED).count() > 1
    finally:
        Order.objects.all().delete()
        _restore_constraint()
    assert booked_twice


def _restore_constraint() -> None:
    constraint = next(c for c in Order._meta.constraints if c.name == "no_double_booking")
    with connection.schema_editor() as editor:
        editor.add_constraint(Order, constraint)
