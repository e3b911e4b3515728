"""Test the figures of the last 30 days, each with rows created for it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from backoffice.home.stats import (
    OrdersCreated,
    OrdersDecided,
    Utilisation,
    device_utilisation,
    orders_created,
    orders_decided,
)
from core.days import start_of
from devices.models import Device
from events.models import OrderEvent
from leases.models import Lease
from orders.choices import Kind
from orders.models import Order
from service_orders.models import ServiceOrder
from tests.support import factories

TODAY = date(2024, 6, 30)
FIRST = date(2024, 6, 1)
NOW = datetime(2024, 6, 30, 10, 0, tzinfo=timezone.get_fixed_timezone(330))


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def add_event(order, status, at, kind=Kind.LEASE):
    OrderEvent.objects.create(order_id=order.pk, order_kind=kind, status=status, source="api", created_at=at)


def accept(order, at, *, after):
    add_event(order, "INTEREST_RAISED", at - after)
    add_event(order, "ACCEPTED", at)


def utilisation():
    return device_utilisation(Device.objects.all(), TODAY)


def test_orders_are_counted_by_kind_status_and_day_in_kolkata(tractor, ravi, meena):
    late_evening = start_of(date(2024, 6, 11)) - timedelta(seconds=1)
    for moment in (late_evening, late_evening, late_evening + timedelta(seconds=1)):
        factories.order(Kind.LEASE, tractor, ravi, created_at=moment)
    factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", created_at=late_evening)
    factories.service_order(factories.territory("pune"), meena, created_at=late_evening)
    found = orders_created([Order.objects.all(), ServiceOrder.objects.all()], TODAY)
    assert sorted(found, key=repr) == [
        OrdersCreated("LEASE", "ACCEPTED", date(2024, 6, 10), 1),
        OrdersCreated("LEASE", "INTEREST_RAISED", date(2024, 6, 10), 2),
        OrdersCreated("LEASE", "INTEREST_RAISED", date(2024, 6, 11), 1),
        OrdersCreated("SERVICE", "pending_verification", date(2024, 6, 10), 1),
    ]


def test_orders_count_from_the_start_of_the_first_of_30_days(tractor, ravi):
    factories.order(Kind.LEASE, tractor, ravi, created_at=start_of(FIRST))
    factories.order(Kind.LEASE, tractor, ravi, created_at=start_of(FIRST) - timedelta(microseconds=1))
    assert orders_created([Order.objects.all()], TODAY) == [OrdersCreated("LEASE", "INTEREST_RAISED", FIRST, 1)]


def test_no_queryset_gives_no_figures():
    assert orders_created([], TODAY) == []


def test_the_time_to_acceptance_is_median_and_90th_percentile_per_kind_and_week(tractor, ravi):
    monday = date(2024, 6, 17)
    for hours in range(1, 12):
        order = factories.order(Kind.LEASE, tractor, ravi)
        accept(order, start_of(monday) + timedelta(hours=12), after=timedelta(hours=hours))
    assert orders_decided(OrderEvent.objects.all(), TODAY) == [
        OrdersDecided("LEASE", monday, 11, timedelta(hours=6), timedelta(hours=10)),
        OrdersDecided("LEASE", None, 11, timedelta(hours=6), timedelta(hours=10)),
    ]


def test_an_acceptance_before_the_30_days_does_not_count_but_a_wait_that_started_before_does(tractor, ravi):
    early, counted = (factories.order(Kind.LEASE, tractor, ravi) for _ in range(2))
    accept(early, start_of(FIRST) - timedelta(seconds=1), after=timedelta(hours=1))
    accept(counted, start_of(FIRST), after=timedelta(days=40))
    found = orders_decided(OrderEvent.objects.all(), TODAY)
    assert [(each.count, each.median) for each in found] == [(1, timedelta(days=40))] * 2


def test_a_device_without_bookings_is_booked_on_0_of_30_days(tractor):
    Device.objects.update(created_at=start_of(FIRST))
    assert utilisation() == [Utilisation("TRACTOR", "Tractor", "", "", 1, 0, 30)]


def test_a_device_counts_from_the_day_it_was_entered(tractor):
    Device.objects.update(created_at=start_of(date(2024, 6, 29)))
    assert utilisation()[0].days == 2


def test_a_device_with_a_creation_date_in_the_future_counts_from_today(tractor):
    Device.objects.update(created_at=start_of(TODAY + timedelta(days=1)))
    assert utilisation()[0].days == 1


def test_only_live_devices_count():
    factories.device(status="NOT_LIVE")
    assert utilisation() == []


@pytest.mark.parametrize(
    ("start", "end", "booked"),
    [
        (date(2024, 6, 10), date(2024, 6, 10), 1),
        (date(2024, 5, 1), FIRST, 1),
        (date(2024, 5, 1), date(2024, 5, 31), 0),
        (date(2024, 5, 1), date(2024, 7, 31), 30),
        (TODAY, date(2024, 7, 31), 1),
        (date(2024, 7, 1), date(2024, 7, 31), 0),
    ],
    ids=["one day", "ends on the first day", "before", "all days", "from today", "later"],
)
def test_a_booking_counts_its_days_within_the_30_days(tractor, ravi, start, end, booked):
    Device.objects.update(created_at=start_of(FIRST))
    factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", start_date=start, end_date=end)
    assert utilisation()[0].booked == booked


@pytest.mark.parametrize(
    ("status", "booked"),
    [("INTEREST_RAISED", 0), ("ACCEPTED", 2), ("PICKUP_SCHEDULED", 2), ("ACTIVE", 2), ("COMPLETED", 2), ("CLOSED", 0)],
)
def test_orders_count_in_the_statuses_that_book(tractor, ravi, status, booked):
    Device.objects.update(created_at=start_of(FIRST))
    factories.order(Kind.LEASE, tractor, ravi, status=status, start_date=date(2024, 6, 2), end_date=date(2024, 6, 3))
    assert utilisation()[0].booked == booked


def test_a_day_booked_twice_counts_once(tractor, ravi, meena, asha):
    Device.objects.update(created_at=start_of(FIRST))
    factories.lease(tractor, ravi, meena, date(2024, 6, 26), date(2024, 7, 5))
    factories.order(
        *(Kind.RENT, tractor, asha), status="ACCEPTED", start_date=date(2024, 6, 28), end_date=date(2024, 6, 29)
    )
    assert utilisation()[0].booked == 5


@pytest.mark.parametrize(
    ("changes", "booked"),
    [
        ({}, 21),  # overdue: the device is not returned
        ({"status": "COMPLETED", "ended_at": start_of(date(2024, 6, 12))}, 3),
        ({"status": "COMPLETED", "ended_at": start_of(date(2024, 6, 25))}, 6),
        ({"status": "TERMINATED", "ended_at": start_of(date(2024, 6, 5))}, 0),
    ],
    ids=["active", "ended early", "ended late", "ended before its start"],
)
def test_a_lease_counts_until_its_actual_end(tractor, ravi, meena, changes, booked):
    Device.objects.update(created_at=start_of(FIRST))
    factories.lease(tractor, ravi, meena, date(2024, 6, 10), date(2024, 6, 15))
    Lease.objects.update(**changes)
    assert utilisation()[0].booked == booked


def test_utilisation_is_grouped_by_type_and_territory():
    factories.territory("pune", "411")
    factories.territory("nashik", "422")
    factories.device("A", pincode="411001")
    factories.device("B", pincode="422001")
    factories.device("C", pincode="411028", device_type=factories.device_type("SPRAYER"))
    assert sorted((row.type, row.territory, row.devices) for row in utilisation()) == [
        ("SPRAYER", "pune", 1),
        ("TRACTOR", "nashik", 1),
        ("TRACTOR", "pune", 1),
    ]
