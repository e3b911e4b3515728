"""Exports contain exactly the rows of the list, for permitted users, at once if the list is short."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from exports.models import Export
from exports.tests.conftest import EXPORT, SEE_ALL, admin_client_for, member_of_staff
from leases.models import Lease
from notifications.models import SmsMessage
from notifications.tests.messages import tell
from orders.choices import Kind
from orders.models import Order
from orders.workflow import OrderStatus
from tests.support import factories

ORDERS, LEASES, SMS = "/admin/orders/order/", "/admin/leases/lease/", "/admin/notifications/smsmessage/"
LEASE, RENT = Kind.LEASE, Kind.RENT


@pytest.fixture
def orders(tractor, ravi, asha):
    """Create five orders of Ravi, the newest last; the third and the fifth are ACCEPTED."""
    statuses = [OrderStatus.INTEREST_RAISED, OrderStatus.REJECTED, OrderStatus.ACCEPTED, OrderStatus.CLOSED]
    placed = [
        factories.order(LEASE, tractor, ravi, status=status, start_date=date(2024, n, 1), end_date=date(2024, n, 9))
        for n, status in enumerate([*statuses, OrderStatus.ACCEPTED], 1)
    ]
    for n, order in enumerate(placed, 1):
        moment = datetime(2024, 1, n, 20, 30, tzinfo=UTC)
        Order.objects.filter(pk=order.pk).update(created_at=moment, updated_at=moment)
    return placed


def export(admin_client, address, file_format="csv"):
    page, _, filters = address.partition("?")
    return admin_client.post(f"{page}export/?{filters}", {"format": file_format})


def content(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # which closes the file


def rows_in(answer):
    """Return the lines of a CSV as dicts by heading."""
    return list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"))))


def ids_in(answer):
    return [row["Order id"] for row in rows_in(answer)]


def test_a_list_of_orders_is_exported_word_for_word(admin_client, tractor, ravi):
    factories.territory("pune", "411")
    order = factories.order(LEASE, tractor, ravi, requested_hours=Decimal("7.5"), note='=1+1, "she asked"')
    Order.objects.update(
        created_at=datetime(2024, 1, 2, 20, 30, 5, tzinfo=UTC), updated_at=datetime(2024, 1, 3, 3, 0, tzinfo=UTC)
    )
    assert content(export(admin_client, ORDERS)).decode() == (
        "\ufeffOrder id,Kind,Status,Device,Device type,Device id,PIN code,Territory,Requester,Requester phone,"
        "Handled by,Start date,End date,Requested hours,Requested acres,Note,Created,Last changed\r\n"
        f"{order.pk},Lease,Interest raised,Tractor,Tractor,{tractor.pk},411001,pune,Ravi,'+919876543210,"
        ',2024-01-15,2024-01-20,7.50,,"\'=1+1, ""she asked""",2024-01-03T02:00:05+05:30,2024-01-03T08:30:00+05:30\r\n'
    )


def test_a_list_of_leases_is_exported_word_for_word(admin_client, tractor, ravi, meena):
    lease = factories.lease(tractor, ravi, meena, date(2024, 1, 1), date(2024, 12, 31))
    moment = datetime(2024, 1, 1, 6, 0, tzinfo=UTC)
    terms = {"deposit_amount": Decimal(5000), "commitment_type": "HOURS", "commitment_value": Decimal(100)}
    Lease.objects.update(created_at=moment, notes="Handle with care", estimated_price=Decimal("150000"), **terms)
    assert content(export(admin_client, LEASES)).decode() == (
        "\ufeffLease id,Status,Order id,Device,Device id,PIN code,VLE,VLE phone,Start date,End date,Commitment,"
        "Commitment value,Estimated price (₹),Deposit (₹),Notes,Signed by,Signed,Ended by,Ended,Note at the end\r\n"
        f"{lease.pk},Active,{lease.order_id},Tractor,{tractor.pk},411001,Ravi,'+919876543210,2024-01-01,2024-12-31,"
        "Hours,100.00,150000.00,5000.00,Handle with care,Meena,2024-01-01T11:30:00+05:30,,,\r\n"
    )


def test_a_list_of_sms_is_exported_word_for_word(admin_client, asha):
    tell(asha, "-20 % today")
    text = SmsMessage.objects.get()
    SmsMessage.objects.update(created_at=datetime(2024, 1, 1, 6, 0, tzinfo=UTC), error="", tries=2)
    assert content(export(admin_client, SMS)).decode() == (
        "\ufeffSMS id,Created,Phone,Recipient,Event,Text,Status,Error,Tries,Sent,About,About id,Twilio id\r\n"
        f"{text.pk},2024-01-01T11:30:00+05:30,'+919876543211,Asha,{text.event},'-20 % today,Pending,,2,,"
        f"{text.related_type.capitalize()},{text.related_id},\r\n"
    )


def test_excel_gets_numbers_as_numbers_and_days_as_days(admin_client, tractor, ravi, meena):
    lease = factories.lease(tractor, ravi, meena, date(2024, 1, 1), date(2024, 12, 31))
    Lease.objects.update(deposit_amount=Decimal("5000.50"), created_at=datetime(2024, 1, 1, 20, 0, tzinfo=UTC))
    answer = export(admin_client, LEASES, "xlsx")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = load_workbook(io.BytesIO(content(answer)))["Leases"]
    headings, row = (list(line) for line in sheet.iter_rows(values_only=True))
    found = dict(zip(headings, row, strict=True))
    assert found["Lease id"] == str(lease.pk)
    assert found["VLE phone"] == "+919876543210"
    assert found["Start date"] == datetime(2024, 1, 1)
    assert found["Deposit (₹)"] == 5000.5
    assert found["Signed"] == datetime(2024, 1, 2, 1, 30)


def test_the_file_is_to_be_saved_and_kept_nowhere(admin_client, orders):
    answer = export(admin_client, ORDERS)
    assert content(answer)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="orders-20')
    assert answer["Content-Disposition"].endswith('.csv"')
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_filters_search_and_order_are_those_of_the_list(admin_client, orders, tractor):
    first, second, third, fourth, fifth = (str(order.pk) for order in orders)
    assert ids_in(export(admin_client, ORDERS)) == [fifth, fourth, third, second, first]
    assert ids_in(export(admin_client, f"{ORDERS}?status__exact=ACCEPTED")) == [fifth, third]
    assert ids_in(export(admin_client, f"{ORDERS}?status__exact=ACCEPTED&start_date__lt=2024-04-01")) == [third]
    assert ids_in(export(admin_client, f"{ORDERS}?q=%23{second[:8]}")) == [second]
    assert ids_in(export(admin_client, f"{ORDERS}?q=Charu")) == []
    oldest_first = admin_client.get(ORDERS).context["cl"].list_display.index("age")
    assert ids_in(export(admin_client, f"{ORDERS}?o={oldest_first}")) == [first, second, third, fourth, fifth]


def test_all_pages_are_exported_whichever_is_open(admin_client, tractor, ravi):
    many = [factories.order(LEASE, tractor, ravi) for _ in range(130)]
    for page in ["", "?p=2", "?p=77", "?all=", "?e=1", "?_facets=True"]:
        assert len(rows_in(export(admin_client, ORDERS + page))) == len(many)


def test_unknown_filters_are_refused_on_the_list(admin_client, orders):
    for filters in ["status__nonsense=1", "created_at__year=never", "q=%00"]:
        answer = admin_client.post(f"{ORDERS}export/?{filters}", {"format": "csv"})
        assert answer.status_code == 302, filters
        assert answer["Location"].startswith(f"{ORDERS}?")
        assert "These filters are not understood" in admin_client.get(ORDERS).content.decode()


def test_another_format_is_refused_and_the_filters_stay(admin_client, orders):
    answer = export(admin_client, f"{ORDERS}?status__exact=ACCEPTED", "pdf")
    assert answer["Location"] == f"{ORDERS}?status__exact=ACCEPTED"
    assert "Choose CSV or Excel" in admin_client.get(ORDERS).content.decode()


@pytest.mark.parametrize("page", [ORDERS, LEASES, SMS])
def test_an_empty_list_is_a_file_with_headings(admin_client, page):
    assert rows_in(export(admin_client, page)) == []


@pytest.mark.parametrize("page", [ORDERS, LEASES, SMS])
def test_an_export_asks_the_database_as_often_for_many_rows_as_for_one(
    admin_client, page, leased_tractor, ravi, meena, asha, django_assert_max_num_queries
):
    for n in range(40):
        factories.order(LEASE, leased_tractor, ravi)
        tell(asha, f"Text {n}")
    with django_assert_max_num_queries(12):
        assert rows_in(export(admin_client, page))


def test_the_button_keeps_the_filters(admin_client, orders):
    page = admin_client.get(f"{ORDERS}?status__exact=ACCEPTED&q=Ravi&p=1").content.decode()
    assert 'action="/admin/orders/order/export/?q=Ravi&amp;status__exact=ACCEPTED"' in page
    assert 'name="format" value="csv"' in page
    assert 'name="format" value="xlsx"' in page


def test_viewing_does_not_permit_exporting(orders):
    viewer = admin_client_for(member_of_staff("+919876543291", "Viewer", *SEE_ALL))
    page = viewer.get(ORDERS)
    assert page.status_code == 200
    assert "export/" not in page.content.decode()
    assert export(viewer, ORDERS).status_code == 403


def test_who_may_export_exports_only_what_they_may_see(orders):
    sms_only = admin_client_for(member_of_staff("+919876543291", "Texts", EXPORT, "notifications.view_smsmessage"))
    assert export(sms_only, ORDERS).status_code == 403
    assert rows_in(export(sms_only, SMS)) == []


def test_others_are_sent_to_the_login(orders, meena, asha):
    for admin_client in [
        Client(),
        admin_client_for(asha),
        admin_client_for(meena),
    ]:  # an ADMIN of the API is no member of staff
        answer = export(admin_client, ORDERS)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_opening_the_address_exports_nothing(admin_client, orders):
    assert admin_client.get(f"{ORDERS}export/").status_code == 405


def test_a_form_of_another_site_exports_nothing(clerk, orders):
    admin_client = Client(enforce_csrf_checks=True)
    admin_client.force_login(clerk)
    assert admin_client.post(f"{ORDERS}export/", {"format": "csv"}).status_code == 403


def test_a_short_list_leaves_no_row_behind(admin_client, orders):
    assert len(rows_in(export(admin_client, ORDERS))) == 5
    assert not Export.objects.exists()


DEVICES, SERVICE_ORDERS = "/admin/devices/device/", "/admin/service_orders/serviceorder/"


def staff_of(territory, *permissions):
    manager = member_of_staff("+919876543291", "Manager", EXPORT, *permissions)
    factories.works_in(territory, manager)
    return admin_client_for(manager)


def test_rows_of_other_territories_are_not_exported(tractor, ravi):
    factories.territory("pune", "411")
    plough = factories.device("Plough", pincode="422001")
    for device in [tractor, plough]:
        factories.order(LEASE, device, ravi)
    admin_client = staff_of(factories.territory("nashik", "422"), "orders.view_order", "devices.view_device")
    assert [row["Device"] for row in rows_in(export(admin_client, ORDERS))] == ["Plough"]
    assert [(row["Name"], row["Territory"]) for row in rows_in(export(admin_client, DEVICES))] == [("Plough", "nashik")]


def test_exported_service_orders_contain_no_insurance_data(ravi):
    pune = factories.territory("pune", "411")
    factories.service_order(pune, ravi)
    factories.service_order(factories.territory("nashik", "422"), ravi)
    admin_client = staff_of(pune, "service_orders.view_serviceorder")
    text = content(export(admin_client, SERVICE_ORDERS)).decode()
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["Territory"], row["Status"], row["Patient"]) == ("pune", "Pending verification", "patient-1")
    assert "nsurance" not in text
    assert not any(value in text for value in factories.INSURANCE.values() if value)


@pytest.mark.parametrize("page", [ORDERS, LEASES, SMS, DEVICES, SERVICE_ORDERS])
def test_every_one_of_these_lists_has_the_button(page):
    superuser = User.objects.create_superuser("+919876543292", "a-long-password")
    assert f'action="{page}export/?"' in admin_client_for(superuser).get(page).content.decode()
