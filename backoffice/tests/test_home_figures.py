"""The figures of the last 30 days, each against rows made for it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from backoffice.home.figures import Decided, Placed, Use, decided, placed, use_of_devices
from core.days import start_of
from devices.models import Device
from events.models import OrderEvent
from leases.models import Lease
from orders.models import Kind, Order
from service_orders.models import ServiceOrder
from tests.support import factories

TODAY = date(2024, 6, 30)
FIRST = date(2024, 6, 1)
NOW = datetime(2024, 6, 30, 10, 0, tzinfo=timezone.get_fixed_timezone(330))


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def happened(order, status, at, kind=Kind.LEASE):
    OrderEvent.objects.create(order_id=order.pk, order_kind=kind, status=status, source="api", created_at=at)


def accepted(order, at, after):
    happened(order, "INTEREST_RAISED", at - after)
    happened(order, "ACCEPTED", at)


def uses(devices=None):
    return use_of_devices(Device.objects.all() if devices is None else devices, TODAY)


def test_orders_are_counted_by_kind_state_and_day_of_kolkata(tractor, ravi, meena):
    late_evening = start_of(date(2024, 6, 11)) - timedelta(seconds=1)
    for moment in (late_evening, late_evening, late_evening + timedelta(seconds=1)):
        factories.order(Kind.LEASE, tractor, ravi, created_at=moment)
    factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", created_at=late_evening)
    factories.service_order(factories.territory("pune"), meena, created_at=late_evening)
    found = placed([Order.objects.all(), ServiceOrder.objects.all()], TODAY)
    assert sorted(found, key=repr) == [
        Placed("LEASE", "ACCEPTED", date(2024, 6, 10), 1),
        Placed("LEASE", "INTEREST_RAISED", date(2024, 6, 10), 2),
        Placed("LEASE", "INTEREST_RAISED", date(2024, 6, 11), 1),
        Placed("SERVICE", "pending_verification", date(2024, 6, 10), 1),
    ]


def test_orders_count_from_the_first_moment_of_the_first_of_30_days(tractor, ravi):
    factories.order(Kind.LEASE, tractor, ravi, created_at=start_of(FIRST))
    factories.order(Kind.LEASE, tractor, ravi, created_at=start_of(FIRST) - timedelta(microseconds=1))
    assert placed([Order.objects.all()], TODAY) == [Placed("LEASE", "INTEREST_RAISED", FIRST, 1)]


def test_nothing_is_placed_in_no_list():
    assert placed([], TODAY) == []


def test_the_time_to_acceptance_is_median_and_ninth_of_ten_per_kind_and_week(tractor, ravi):
    monday = date(2024, 6, 17)
    for hours in range(1, 12):
        order = factories.order(Kind.LEASE, tractor, ravi)
        accepted(order, start_of(monday) + timedelta(hours=12), timedelta(hours=hours))
    assert decided(OrderEvent.objects.all(), TODAY) == [
        Decided("LEASE", monday, 11, timedelta(hours=6), timedelta(hours=10)),
        Decided("LEASE", None, 11, timedelta(hours=6), timedelta(hours=10)),
    ]


def test_an_acceptance_before_the_30_days_does_not_count_but_a_wait_from_before_does(tractor, ravi):
    early, counted = (factories.order(Kind.LEASE, tractor, ravi) for _ in range(2))
    accepted(early, start_of(FIRST) - timedelta(seconds=1), timedelta(hours=1))
    accepted(counted, start_of(FIRST), timedelta(days=40))
    assert [(each.n, each.median) for each in decided(OrderEvent.objects.all(), TODAY)] == [(1, timedelta(days=40))] * 2


def test_a_device_that_nobody_takes_is_used_on_none_of_30_days(tractor):
    Device.objects.update(created_at=start_of(FIRST))
    assert uses() == [Use("TRACTOR", "Tractor", "", "", 1, 0, 30)]


def test_a_device_counts_from_the_day_it_was_entered(tractor):
    Device.objects.update(created_at=start_of(date(2024, 6, 29)))
    assert uses()[0].days == 2


def test_a_device_entered_by_a_clock_that_is_ahead_counts_from_today(tractor):
    Device.objects.update(created_at=start_of(TODAY + timedelta(days=1)))
    assert uses()[0].days == 1


def test_only_live_devices_count():
    factories.device(status="NOT_LIVE")
    assert uses() == []


@pytest.mark.parametrize(
    ("start", "end", "taken"),
    [
        (date(2024, 6, 10), date(2024, 6, 10), 1),
        (date(2024, 5, 1), FIRST, 1),
        (date(2024, 5, 1), date(2024, 5, 31), 0),
        (date(2024, 5, 1), date(2024, 7, 31), 30),
        (TODAY, date(2024, 7, 31), 1),
        (date(2024, 7, 1), date(2024, 7, 31), 0),
    ],
    ids=["one day", "into the first", "before", "over all", "from today", "later"],
)
def test_a_booking_takes_the_days_that_lie_in_the_30(tractor, ravi, start, end, taken):
    Device.objects.update(created_at=start_of(FIRST))
    factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", start_date=start, end_date=end)
    assert uses()[0].taken == taken


@pytest.mark.parametrize(
    ("status", "taken"),
    [("INTEREST_RAISED", 0), ("ACCEPTED", 2), ("PICKUP_SCHEDULED", 2), ("ACTIVE", 2), ("COMPLETED", 2), ("CLOSED", 0)],
)
def test_orders_take_days_in_the_states_that_book(tractor, ravi, status, taken):
    Device.objects.update(created_at=start_of(FIRST))
    factories.order(Kind.LEASE, tractor, ravi, status=status, start_date=date(2024, 6, 2), end_date=date(2024, 6, 3))
    assert uses()[0].taken == taken


def test_a_day_taken_twice_counts_once(tractor, ravi, meena, asha):
    Device.objects.update(created_at=start_of(FIRST))
    factories.lease(tractor, ravi, meena, date(2024, 6, 26), date(2024, 7, 5))
    factories.order(
        *(Kind.RENT, tractor, asha), status="ACCEPTED", start_date=date(2024, 6, 28), end_date=date(2024, 6, 29)
    )
    assert uses()[0].taken == 5


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, 21),  # past its end, but not given back
        ({"status": "COMPLETED", "ended_at": start_of(date(2024, 6, 12))}, 3),
        ({"status": "COMPLETED", "ended_at": start_of(date(2024, 6, 25))}, 6),
        ({"status": "TERMINATED", "ended_at": start_of(date(2024, 6, 5))}, 0),
    ],
    ids=["active", "ended early", "ended late", "ended before it began"],
)
def test_a_lease_takes_the_days_until_it_really_ended(tractor, ravi, meena, changes, taken):
    Device.objects.update(created_at=start_of(FIRST))
    factories.lease(tractor, ravi, meena, date(2024, 6, 10), date(2024, 6, 15))
    Lease.objects.update(**changes)
    assert uses()[0].taken == taken


def test_use_is_told_apart_by_type_and_territory():
    factories.territory("pune", "411")
    factories.territory("nashik", "422")
    factories.device("A", pincode="411001")
    factories.device("B", pincode="422001")
    factories.device("C", pincode="411028", device_type=factories.device_type("SPRAYER"))
    assert sorted((use.type, use.territory, use.devices) for use in uses()) == [
        ("SPRAYER", "pune", 1),
        ("TRACTOR", "nashik", 1),
        ("TRACTOR", "pune", 1),
    ]
