"""Test the calendar of leases and bookings: the bookings of a window, their arrangement, and the page."""

import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from core.days import format_date_range
from leases.admin.bookings import BookingKind, Window, add_months, arrange_rows, find_bookings, months_from
from leases.tests.test_lease_admin import browser_of
from orders.choices import Kind
from orders.workflow import BOOKED, OrderStatus
from tests.support import factories

PAGE = "/admin/leases/lease/calendar/"
DECEMBER = Window(date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-12-10T12:00:00+05:30", tick=False)


@pytest.fixture
def admin_client(db):
    return browser_of(User.objects.create_superuser("+919876543298", "a password of staff"))


def lease_of(device, vle, admin, first, last):
    return factories.lease(device, vle, admin, first, last)


def rent(device, farmer, first, last, status=OrderStatus.ACTIVE):
    return factories.order(Kind.RENT, device, farmer, status=status, start_date=first, end_date=last)


def booked(device, window=DECEMBER):
    return [(each.kind, each.first, each.last) for each in find_bookings([device.pk], window)[device.pk]]


def bars(device, window=DECEMBER):
    """Return the bars of each row: first day, number of days, cut ends."""
    found = []
    for row in arrange_rows(find_bookings([device.pk], window)[device.pk], window):
        day, of_row = 1, []
        for cell in row:
            if cell.booking:
                of_row.append((day, cell.span, cell.cut))
            day += cell.span
        assert day - 1 == len(window.marks)
        found.append(of_row)
    return found


def page(admin_client, **query):
    response = admin_client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def names_of_bars(text):
    return re.findall(r'aria-label="([^"]+, [^"]+)"', text)


def shown_devices(response):
    return [row.device.name for row in response.context["rows"]]


# --- Bookings of a window ---


def test_a_bar_describes_kind_holder_dates_and_status(tractor, ravi, meena, asha):
    lease_of(tractor, ravi, meena, date(2026, 11, 20), date(2027, 1, 5))
    order = rent(tractor, asha, date(2026, 12, 3), date(2026, 12, 7))
    lease, booking = find_bookings([tractor.pk], DECEMBER)[tractor.pk]
    assert booking.name == f"RENT #{order.short_id}, Asha, 3 to 7 Dec, Active"
    assert lease.name == f"Lease #{lease.short_id}, Ravi, 20 Nov 2026 to 5 Jan 2027, Active"
    assert (booking.url, lease.url) == (
        f"/admin/orders/order/{order.pk}/change/",
        f"/admin/leases/lease/{lease.row_id}/change/",
    )


@pytest.mark.parametrize("status", OrderStatus.values)
def test_orders_that_hold_the_device_are_shown(tractor, ravi, status):
    factories.order(Kind.LEASE, tractor, ravi, status=status, start_date=date(2026, 12, 1), end_date=date(2026, 12, 2))
    shown = [(BookingKind.LEASE_ORDER, date(2026, 12, 1), date(2026, 12, 2))]
    assert booked(tractor) == (shown if status in BOOKED else [])


@pytest.mark.parametrize(
    ("first", "last", "is_shown"),
    [
        ((2026, 11, 1), (2026, 11, 30), False),
        ((2026, 11, 1), (2026, 12, 1), True),
        ((2026, 12, 31), (2027, 3, 1), True),
        ((2027, 1, 1), (2027, 3, 1), False),
        ((2026, 1, 1), (2027, 12, 31), True),
    ],
)
def test_only_bookings_that_touch_the_window_are_shown(tractor, ravi, first, last, is_shown):
    factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", start_date=date(*first), end_date=date(*last))
    assert bool(booked(tractor)) == is_shown


def test_an_overdue_lease_extends_to_today(tractor, ravi, meena):
    lease_of(tractor, ravi, meena, date(2026, 11, 1), date(2026, 11, 30))
    (late,) = find_bookings([tractor.pk], DECEMBER)[tractor.pk]
    assert (late.last, late.tone) == (date(2026, 12, 10), "bad")
    assert late.name.endswith("Ravi, 1 Nov to 10 Dec, Active, past its end")
    assert booked(tractor, months_from(date(2027, 1, 1), 1)) == []


def ended(lease, moment):
    type(lease).objects.filter(pk=lease.pk).update(status="COMPLETED", ended_at=moment)


def test_an_ended_lease_extends_to_the_day_it_ended(tractor, ravi, meena):
    lease = lease_of(tractor, ravi, meena, date(2026, 12, 1), date(2026, 12, 31))
    ended(lease, datetime(2026, 12, 4, 12, tzinfo=UTC))
    assert booked(tractor) == [(BookingKind.LEASE, date(2026, 12, 1), date(2026, 12, 4))]


def test_days_are_in_the_timezone_of_kolkata(tractor, ravi, meena):
    lease = lease_of(tractor, ravi, meena, date(2026, 12, 1), date(2026, 12, 31))
    ended(lease, datetime(2026, 12, 4, 18, 31, tzinfo=UTC))
    assert booked(tractor) == [(BookingKind.LEASE, date(2026, 12, 1), date(2026, 12, 5))]
    assert booked(tractor, Window(date(2026, 12, 5), date(2026, 12, 6))) != []


def test_a_lease_that_ended_before_its_start_is_not_shown(tractor, ravi, meena):
    ended(lease_of(tractor, ravi, meena, date(2026, 12, 20), date(2026, 12, 31)), datetime(2026, 12, 9, tzinfo=UTC))
    assert booked(tractor) == []


# --- Arrangement ---


def test_bars_have_the_right_start_width_and_cut(tractor, ravi, meena, asha):
    lease_of(tractor, ravi, meena, date(2026, 11, 20), date(2027, 1, 5))
    rent(tractor, asha, date(2026, 11, 28), date(2026, 12, 2))
    rent(tractor, asha, date(2026, 12, 3), date(2026, 12, 3))
    rent(tractor, asha, date(2026, 12, 31), date(2027, 1, 2))
    assert bars(tractor) == [[(1, 31, "both")], [(1, 2, "start"), (3, 1, ""), (31, 1, "end")]]


def test_overlapping_bookings_get_rows_of_their_own(tractor, ravi, meena):
    lease_of(tractor, ravi, meena, date(2026, 12, 1), date(2026, 12, 31))
    for first, last in (((2026, 12, 5), (2026, 12, 9)), ((2026, 12, 10), (2026, 12, 12))):
        factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", start_date=date(*first), end_date=date(*last))
    assert bars(tractor) == [[(1, 31, "")], [(5, 5, ""), (10, 3, "")]]


def test_a_free_device_has_one_empty_row(tractor):
    assert bars(tractor) == [[]]


def test_windows_are_whole_months():
    assert months_from(date(2028, 2, 17), 1) == Window(date(2028, 2, 1), date(2028, 2, 29))
    assert months_from(date(2026, 11, 30), 3) == Window(date(2026, 11, 1), date(2027, 1, 31))
    assert [add_months(date(2026, 12, 1), by) for by in (-12, -1, 0, 1, 3)] == [
        date(2025, 12, 1),
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 3, 1),
    ]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ((2026, 12, 3), (2026, 12, 7), "3 to 7 Dec"),
        ((2026, 11, 28), (2026, 12, 3), "28 Nov to 3 Dec"),
        ((2026, 12, 3), (2026, 12, 3), "3 Dec"),
        ((2024, 1, 15), (2024, 1, 20), "15 to 20 Jan 2024"),
        ((2024, 1, 15), (2024, 1, 15), "15 Jan 2024"),
        ((2024, 1, 15), (2024, 2, 20), "15 Jan to 20 Feb 2024"),
        ((2026, 12, 28), (2027, 1, 3), "28 Dec 2026 to 3 Jan 2027"),
    ],
)
def test_date_ranges_are_formatted_briefly(first, last, text):
    assert format_date_range(date(*first), date(*last)) == text


# --- The page ---


def test_the_page_shows_this_month_with_a_link_for_every_bar(admin_client, leased_tractor, asha):
    order = rent(leased_tractor, asha, date(2026, 12, 3), date(2026, 12, 7))
    text = page(admin_client)
    assert "December 2026" in text
    assert f'href="/admin/orders/order/{order.pk}/change/"' in text
    assert f"RENT #{order.short_id}, Asha, 3 to 7 Dec, Active" in names_of_bars(text)
    assert "style=" not in text


@pytest.mark.parametrize(
    ("moment", "month", "day"),
    [("2026-12-31T18:29:00Z", "December 2026", 31), ("2026-12-31T18:31:00Z", "January 2027", 1)],
)
def test_today_is_in_the_timezone_of_kolkata(tractor, time_machine, moment, month, day):
    time_machine.move_to(moment, tick=False)
    text = page(browser_of(User.objects.create_superuser("+919876543298", "a password of staff")))
    assert month in text
    assert re.search(rf'aria-current="date">\s*<span class="weekday">\w\w</span> {day}\s*</th>', text)


def test_links_lead_to_the_other_months(admin_client, tractor):
    links = admin_client.get(PAGE, {"q": "trac", "start": "2026-12", "p": "1"}).context["links"]
    assert links["before"] == f"{PAGE}?q=trac&start=2026-11"
    assert links["after"] == f"{PAGE}?q=trac&start=2027-01"
    assert links["other_length"] == f"{PAGE}?q=trac&start=2026-12&months=3"
    assert admin_client.get(PAGE, {"months": "3"}).context["links"]["after"] == f"{PAGE}?months=3&start=2027-03"
    assert "1 Dec 2026 to 28 Feb 2027" in page(admin_client, months="3")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"start": "2026-13"},
        {"start": "x"},
        {"start": "9999-12"},
        {"months": "7"},
        {"p": "x"},
        {"p": "99"},
        {"type": "'"},
    ],
    ids=str,
)
def test_invalid_query_parameters_are_ignored(admin_client, tractor, nonsense):
    response = admin_client.get(PAGE, nonsense)
    assert (response.status_code, shown_devices(response)) == (200, ["Tractor"])
    assert "December 2026" in response.content.decode()


def test_devices_are_filtered_by_name_type_territory_and_use(admin_client, tractor, ravi):
    factories.territory("pune", "411")
    factories.territory("nashik", "422")
    plough = factories.device("Plough", device_type=factories.device_type("PLOUGH"), pincode="422003")
    factories.order(
        Kind.LEASE, tractor, ravi, status="ACCEPTED", start_date=date(2026, 12, 5), end_date=date(2026, 12, 9)
    )

    def shown(**query):
        return shown_devices(admin_client.get(PAGE, query))

    assert shown() == ["Plough", "Tractor"]
    assert shown(q="plo") == shown(q=f"#{str(plough.pk)[:8]}") == ["Plough"]
    assert shown(type="TRACTOR") == ["Tractor"]
    assert shown(territory="nashik") == ["Plough"]
    assert shown(use="booked") == ["Tractor"]
    assert shown(use="free") == ["Plough"]
    assert shown(use="free", start="2027-01") == ["Plough", "Tractor"]
    assert shown(device=str(plough.pk)) == ["Plough"]


def test_empty_pages_explain_what_to_do(admin_client):
    assert "There are no devices yet." in page(admin_client)
    assert "No device fits. Take away a filter, or look at other days." in page(admin_client, q="nothing")
    assert "There is no such device" in page(admin_client, device=factories.UNKNOWN)


def test_one_device_has_its_bookings_listed(admin_client, leased_tractor, asha):
    order = rent(leased_tractor, asha, date(2026, 12, 3), date(2026, 12, 7))
    text = page(admin_client, device=str(leased_tractor.pk))
    assert f"Calendar of {leased_tractor}" in text
    assert f'<a href="/admin/orders/order/{order.pk}/change/">RENT #{order.short_id}</a>' in text
    assert f'href="/admin/devices/device/{leased_tractor.pk}/change/"' in text


def test_devices_are_paged_with_a_constant_number_of_queries(
    admin_client, tractor, ravi, meena, asha, django_assert_max_num_queries
):
    devices = [factories.device(f"Device {number:02}", priced=False) for number in range(60)]
    for device in devices[:20]:
        lease_of(device, ravi, meena, date(2026, 12, 1), date(2026, 12, 31))
        for day in (3, 9, 14):
            rent(device, asha, date(2026, 12, day), date(2026, 12, day + 1))
    with django_assert_max_num_queries(9):
        response = admin_client.get(PAGE, {"months": "3"})
    assert len(response.context["rows"]) == 25
    assert len(names_of_bars(response.content.decode())) >= 80
    assert "26 to 50 of 61 devices" in page(admin_client, p="2")


def test_the_calendar_needs_the_view_permission(db, tractor):
    clerk = User.objects.create(phone="+919876543297", is_staff=True)
    assert browser_of(clerk).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert browser_of(clerk).post(PAGE).status_code in {403, 405}


def test_territory_managers_see_their_own_devices(db, tractor):
    pune = factories.territory("pune", "411")
    factories.territory("nashik", "422")
    factories.device("Plough", pincode="422003")
    manager = User.objects.create(phone="+919876543297", is_staff=True)
    manager.user_permissions.add(Permission.objects.get(codename="view_lease"))
    factories.works_in(pune, manager)
    browser = browser_of(manager)
    assert shown_devices(browser.get(PAGE)) == ["Tractor"]
    assert shown_devices(browser.get(PAGE, {"territory": "nashik"})) == []
