"""Test the admin list of orders: columns, search, filters and bulk transitions."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.actors import back_office_actor
from accounts.models import User
from events.models import OrderEvent
from orders.admin.bulk import MAX_ORDERS
from orders.choices import Kind
from orders.models import Order
from orders.services import change_order_status
from tests.support import factories

LIST = "/admin/orders/order/"
MANY = f"{LIST}bulk-transition/"


@pytest.fixture
def admin_client(meena):
    User.objects.filter(pk=meena.pk).update(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(meena)
    return browser


@pytest.fixture
def pune(db):
    return factories.territory("pune", "411")


@pytest.fixture
def lease_order(tractor, ravi):
    return factories.order(Kind.LEASE, tractor, ravi)


@pytest.fixture
def rent_order(ravi, asha, meena):
    thresher = factories.device("Thresher", pincode="422001")
    factories.lease(thresher, ravi, meena, date(2024, 1, 1), date(2024, 12, 31))
    return factories.order(Kind.RENT, thresher, asha, start_date=date(2024, 3, 1), end_date=date(2024, 3, 2))


def found(admin_client, **query):
    """Return the ids of the orders that the list shows, without the CLOSED order of the lease."""
    answer = admin_client.get(LIST, query)
    assert answer.status_code == 200
    return {order.pk for order in answer.context["cl"].result_list if order.status != "CLOSED"}


def preview(admin_client, to, *orders):
    return admin_client.post(
        LIST, {"action": f"transition_to_{to.lower()}", "_selected_action": [order.pk for order in orders]}
    )


def tokens(answer):
    return [each.token for each, _ in answer.context["rows"]]


def confirm(admin_client, to, chosen, note=""):
    answer = admin_client.post(MANY, {"to": to, "note": note, "selection": chosen, "return_url": LIST}, follow=True)
    return [str(message) for message in answer.context["messages"]]


def statuses(*orders):
    return [Order.objects.get(pk=order.pk).status for order in orders]


def test_a_row_shows_what_is_needed_every_day(admin_client, pune, lease_order, rent_order):
    page = admin_client.get(LIST).content.decode()
    for text in [
        f'<span class="number">#{lease_order.short_id}</span> <span class="kind">LEASE</span>',
        'data-tone="waiting">Interest raised</span>',
        'Asha <span class="phone">+919876543211</span>',
        '<td class="field-days">15 to 20 Jan 2024</td>',
        '<td class="field-handler">Admins</td>',
        '<td class="field-handler">Ravi</td>',
        '<td class="field-territory">pune</td>',
    ]:
        assert text in page


@pytest.mark.parametrize(
    "term",
    [
        "98765 43210",
        "+91 98765-43210",
        "\u202a+91 98765\u201143210\u202c",
        "९८७६५४३२१०",
        "09876543210",
        "919876543210",
        "43210",
        "ravi",
        "Tractor",
        "trac rav",
    ],
)
def test_orders_are_found_by_phone_name_and_device(admin_client, lease_order, rent_order, term):
    assert found(admin_client, q=term) == {lease_order.pk}


@pytest.mark.parametrize("spell", ["{}", "#{:.8}", "{:.8}", " #{:.8} "], ids=["whole", "short", "bare", "spaces"])
def test_orders_are_found_by_id(admin_client, lease_order, rent_order, spell):
    assert found(admin_client, q=spell.format(str(lease_order.pk))) == {lease_order.pk}


@pytest.mark.parametrize("term", ["unknown", "#00000000", "99999 99999", "%", "_", "'; --", "trac asha", "()-."])
def test_a_search_without_results_suggests_what_to_do(admin_client, lease_order, rent_order, term):
    answer = admin_client.get(LIST, {"q": term})
    assert not answer.context["cl"].result_list
    assert "Try fewer words, or" in answer.content.decode()


def test_an_empty_list_explains_where_orders_come_from(admin_client):
    assert "Orders come in through the app" in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ({"status__exact": "INTEREST_RAISED"}, "both"),
        ({"status__exact": "ACTIVE"}, "none"),
        ({"status__in": "ACTIVE,INTEREST_RAISED"}, "both"),
        ({"kind__exact": "LEASE"}, "lease"),
        ({"worklist": "review"}, "lease"),
        ({"start_date__gte": "2024-01-15", "start_date__lte": "2024-01-15"}, "lease"),
        ({"start_date__gte": "2024-01-16"}, "rent"),
        ({"start_date__gte": "soon"}, "none"),
        ({"created_at__gte": "today", "kind__exact": "LEASE"}, "none"),
        ({"territory": "pune"}, "lease"),
        ({"territory": "-"}, "rent"),
        ({"territory": "nowhere"}, "none"),
        ({"device__like": "thresh"}, "rent"),
        ({"device": "x"}, "none"),
        ({"handler_vle__like": "rav"}, "rent"),
        ({"handler_vle__like": "43210"}, "rent"),
        ({"handler_vle__like": "a\0b"}, "none"),
    ],
    ids=str,
)
def test_filters_narrow_the_list(admin_client, pune, lease_order, rent_order, query, finds):
    expected = {
        "lease": {lease_order.pk},
        "rent": {rent_order.pk},
        "both": {lease_order.pk, rent_order.pk},
        "none": set(),
    }
    assert found(admin_client, **query) == expected[finds]


def test_days_are_those_of_india(admin_client, lease_order):
    midnight = timezone.make_aware(datetime(2024, 5, 1))
    Order.objects.filter(pk=lease_order.pk).update(created_at=midnight)
    assert found(admin_client, created_at__gte="2024-05-01", created_at__lte="2024-05-01") == {lease_order.pk}
    assert found(admin_client, created_at__lte="2024-04-30") == set()
    assert found(admin_client, created_at__gte=midnight.isoformat(), created_at__lt="2024-05-02") == {lease_order.pk}


def test_an_invalid_day_is_refused_at_its_field(admin_client, lease_order):
    assert (
        "soon is no day: write it as 2024-01-31" in admin_client.get(LIST, {"start_date__gte": "soon"}).content.decode()
    )


def test_a_filter_keeps_the_other_filters(admin_client, lease_order):
    asked = {"q": "tractor", "kind__exact": "LEASE", "device": str(lease_order.device_id)}
    page = admin_client.get(LIST, asked).content.decode()
    assert f'<input type="hidden" name="device" value="{lease_order.device_id}">' in page
    assert f"<span>{lease_order.device}</span>" in page


def test_territory_managers_find_only_their_own_orders(charu, pune, lease_order, rent_order):
    charu.is_staff = True
    charu.save()
    charu.user_permissions.add(Permission.objects.get(codename="view_order"))
    browser = Client()
    browser.force_login(charu)
    assert found(browser) == set()
    factories.works_in(pune, charu)
    assert found(browser) == found(browser, q="a") == {lease_order.pk} - found(browser, territory="-")


def test_the_preview_changes_nothing(admin_client, lease_order, rent_order):
    answer = preview(admin_client, "ACCEPTED", lease_order, rent_order)
    page = answer.content.decode()
    assert "Accept 2 orders?" in page
    assert "Only the assigned VLE can handle this RENT order" in page
    assert re.search(r">\s*Accept 1 order\s*</button>", page)
    assert statuses(lease_order, rent_order) == ["INTEREST_RAISED", "INTEREST_RAISED"]


def test_the_preview_shows_conflicting_bookings(admin_client, lease_order, charu):
    rival = factories.order(Kind.LEASE, lease_order.device, charu, status="ACTIVE")
    page = preview(admin_client, "ACCEPTED", lease_order).content.decode()
    assert f"The device is booked in these days by #{rival.short_id}" in page


def test_each_order_of_a_bulk_transition_succeeds_or_fails_alone(admin_client, lease_order, rent_order, ravi, meena):
    others = [factories.order(Kind.LEASE, factories.device(f"Plough {number}"), ravi) for number in range(2)]
    same_days = factories.order(Kind.LEASE, lease_order.device, ravi, created_at=timezone.now() - timedelta(days=9))
    chosen = tokens(preview(admin_client, "ACCEPTED", lease_order, rent_order, same_days, *others))
    shown_messages = confirm(admin_client, "ACCEPTED", chosen, "For the season")
    assert len(shown_messages) == 3
    assert shown_messages[0].startswith("Accepted: 3 orders (#")
    assert set(shown_messages[1:]) == {
        f"RENT #{rent_order.short_id}: Only the assigned VLE can handle this RENT order",
        f"LEASE #{same_days.short_id}: Device is already booked from 2024-01-15 to 2024-01-20",
    }
    assert statuses(lease_order, *others, rent_order, same_days) == ["ACCEPTED"] * 3 + ["INTEREST_RAISED"] * 2
    assert set(OrderEvent.objects.values_list("note", "changed_by")) == {("For the season", meena.pk)}


def test_a_bulk_rejection_needs_a_reason(admin_client, lease_order):
    chosen = tokens(preview(admin_client, "REJECTED", lease_order))
    answer = admin_client.post(MANY, {"to": "REJECTED", "note": " ", "selection": chosen, "return_url": LIST})
    assert "Say why, in the note" in answer.content.decode()
    assert tokens(answer) == chosen
    assert statuses(lease_order) == ["INTEREST_RAISED"]
    assert confirm(admin_client, "REJECTED", chosen, "In repair") == [f"Rejected: 1 order (#{lease_order.short_id})"]


def test_orders_that_changed_since_the_preview_are_refused(admin_client, lease_order, ravi, meena):
    other = factories.order(Kind.LEASE, factories.device("Plough"), ravi)
    chosen = tokens(preview(admin_client, "ACCEPTED", lease_order, other))
    change_order_status(lease_order, to="REJECTED", by=back_office_actor(meena), note="In repair")
    assert confirm(admin_client, "ACCEPTED", chosen) == [
        f"Accepted: 1 order (#{other.short_id})",
        f"LEASE #{lease_order.short_id}: Changed after you opened it. Look at it again, then decide.",
    ]
    assert statuses(lease_order, other) == ["REJECTED", "ACCEPTED"]


def test_a_second_press_changes_nothing_and_is_reported(admin_client, lease_order):
    chosen = tokens(preview(admin_client, "ACCEPTED", lease_order))
    confirm(admin_client, "ACCEPTED", chosen)
    assert confirm(admin_client, "ACCEPTED", chosen) == [
        f"LEASE #{lease_order.short_id}: Accepted already. It was done once."
    ]
    assert OrderEvent.objects.count() == 1


def test_a_bulk_transition_takes_at_most_100_orders(admin_client, tractor, ravi):
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(MAX_ORDERS + 1)]
    orders = [factories.order(Kind.LEASE, tractor, ravi, start_date=day, end_date=day) for day in days]
    answer = admin_client.post(
        LIST,
        {"action": "transition_to_accepted", "_selected_action": [o.pk for o in orders], "select_across": "1"},
        follow=True,
    )
    assert [str(message) for message in answer.context["messages"]] == ["Choose at most 100 orders at once"]
    chosen = [f"{order.pk} {order.updated_at.isoformat()}" for order in orders]
    assert confirm(admin_client, "ACCEPTED", chosen) == ["Choose at most 100 orders at once"]
    assert not OrderEvent.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-4000-8000-000000000000 2024-01-01"], ["\0"]], ids=str)
def test_an_empty_or_invalid_selection_is_reported(admin_client, lease_order, chosen):
    assert confirm(admin_client, "ACCEPTED", chosen) == ["Choose the orders first"]


def test_a_bulk_transition_needs_the_change_permission_and_a_post(admin_client, lease_order, charu):
    chosen = tokens(preview(admin_client, "ACCEPTED", lease_order))
    assert admin_client.get(MANY, {"to": "ACCEPTED", "selection": chosen}).status_code == 405
    assert admin_client.post(MANY, {"to": "GONE", "selection": chosen}).status_code == 404
    charu.is_staff = True
    charu.save()
    charu.user_permissions.add(*Permission.objects.filter(codename__in=["view_order", "work_everywhere"]))
    reader = Client()
    reader.force_login(charu)
    assert reader.post(MANY, {"to": "ACCEPTED", "selection": chosen}).status_code == 403
    preview(reader, "ACCEPTED", lease_order)
    assert Client().post(MANY, {"to": "ACCEPTED", "selection": chosen}).status_code == 302
    assert statuses(lease_order) == ["INTEREST_RAISED"]


def test_a_return_url_to_another_site_is_ignored(admin_client, lease_order):
    answer = admin_client.post(MANY, {"to": "ACCEPTED", "selection": ["x"], "return_url": "//evil.example/"})
    assert answer.headers["Location"] == LIST


def test_the_number_of_queries_of_the_preview_is_bounded(admin_client, tractor, ravi, django_assert_max_num_queries):
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(30)]
    orders = [factories.order(Kind.LEASE, tractor, ravi, start_date=day, end_date=day) for day in days]
    with django_assert_max_num_queries(12):
        preview(admin_client, "ACCEPTED", *orders)
