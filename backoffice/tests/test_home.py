"""Test that each number of the home page is the number of rows in the linked list, seen by the same user."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from accounts.models import Operator, OperatorTraining, Role
from core.days import start_of
from devices.models import PricingRule
from events.models import OrderEvent
from leases.models import Lease
from notifications.models import SmsMessage
from orders.choices import Kind
from tests.support import factories

TODAY = date(2024, 6, 30)
MIDNIGHT = start_of(TODAY)
MORNING = datetime(2024, 6, 30, 4, 30, tzinfo=UTC)  # 10 o'clock in Kolkata
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def superuser(client, superuser):
    client.force_login(superuser)
    return superuser


@pytest.fixture
def home(client):
    """Return a function: `home()` is the context of the page for the user who is logged in."""
    return lambda: client.get("/admin/").context["home"]


@pytest.fixture
def card(home):
    """Return a function: `card("review")` is that card of the page."""
    return lambda name: next(card for card in home()["cards"] if card.name == name)


@pytest.fixture
def rows_at(client):
    """Return a function: `rows_at(url)` is the number of rows of the list at this URL."""

    def count(url):
        page = client.get(url)
        assert page.status_code == 200, url
        return page.context["cl"].result_count

    return count


def sms(created_at, status="FAILED"):
    SmsMessage.objects.create(
        event="ORDER_CREATED", dedupe_key=str(created_at), to="+919876543210", text="Hello", status=status,
        created_at=created_at, expires_at=created_at,
    )  # fmt: skip


def operator(*trainings, status="ACTIVE"):
    person = factories.user(f"+9198765400{Operator.objects.count():02}", "Operator", Role.OPERATOR)
    row = Operator.objects.create(user=person, name="Operator", status=status)
    OperatorTraining.objects.bulk_create(
        OperatorTraining(operator=row, device_type_code=code, valid_till=till) for code, till in trainings
    )


def lease_until(name, end, ravi, meena):
    return factories.lease(factories.device(name), ravi, meena, date(2024, 1, 1), end)


def test_lease_orders_wait_for_review_in_two_statuses_and_rent_orders_do_not(
    superuser, leased_tractor, ravi, asha, card, rows_at
):
    for status in ("INTEREST_RAISED", "UNDER_REVIEW", "ACCEPTED", "REJECTED", "CANCELLED"):
        factories.order(Kind.LEASE, leased_tractor, ravi, status=status)
    factories.order(Kind.RENT, leased_tractor, asha)
    review = card("review")
    assert (review.number, review.tone, review.text) == (2, "waiting", "The oldest has waited 0\xa0minutes.")
    assert rows_at(review.url) == 2


def test_an_order_that_waits_for_more_than_two_days_is_urgent(superuser, tractor, ravi, card):
    order = factories.order(Kind.LEASE, tractor, ravi, created_at=MORNING - 2 * DAY)
    assert card("review").tone == "waiting"
    type(order).objects.update(created_at=MORNING - 2 * DAY - SECOND)
    assert card("review").tone == "bad"
    assert card("review").text == "1 for over 2 days; the oldest has waited 2\xa0days."


def test_service_orders_wait_to_be_verified_and_emergencies_are_urgent(superuser, meena, card, rows_at):
    pune = factories.territory("pune", "411")
    for status in ("pending_verification", "verified", "rejected"):
        factories.service_order(pune, meena, status=status)
    assert (card("verify").number, card("verify").tone) == (1, "waiting")
    factories.service_order(pune, meena, priority="emergency")
    assert (card("verify").number, card("verify").tone) == (2, "bad")
    assert rows_at(card("verify").url) == 2


@pytest.mark.parametrize(
    ("start", "number", "tone"),
    [(TODAY - DAY, 1, "bad"), (TODAY, 1, "waiting"), (TODAY + DAY, 0, "quiet")],
    ids=["yesterday", "today", "tomorrow"],
)
def test_a_pickup_is_due_from_its_first_day(superuser, tractor, ravi, card, rows_at, start, number, tone):
    days = {"start_date": start, "end_date": TODAY + 9 * DAY}
    factories.order(Kind.LEASE, tractor, ravi, status="PICKUP_SCHEDULED", **days)
    factories.order(Kind.LEASE, factories.device("B"), ravi, status="ACCEPTED", **days)
    assert (card("pickup").number, card("pickup").tone) == (number, tone)
    assert rows_at(card("pickup").url) == number


@pytest.mark.parametrize(
    ("moment", "number"),
    [(MIDNIGHT - SECOND, 0), (MIDNIGHT, 1)],
    ids=["a second before midnight in Kolkata", "midnight in Kolkata"],
)
def test_today_starts_at_midnight_in_kolkata(superuser, tractor, ravi, card, moment, number):
    factories.order(Kind.LEASE, tractor, ravi, status="PICKUP_SCHEDULED", start_date=TODAY, end_date=TODAY)
    with time_machine.travel(moment, tick=False):
        assert card("pickup").number == number


@pytest.mark.parametrize(
    ("end", "ending", "overdue"),
    [
        (TODAY - DAY, (0, "quiet"), (1, "bad")),
        (TODAY, (1, "bad"), (0, "quiet")),
        (TODAY + DAY, (1, "waiting"), (0, "quiet")),
        (TODAY + 7 * DAY, (1, "waiting"), (0, "quiet")),
        (TODAY + 8 * DAY, (0, "quiet"), (0, "quiet")),
    ],
    ids=["yesterday", "today", "tomorrow", "exactly in 7 days", "in 8 days"],
)
def test_a_lease_ends_within_7_days_or_is_overdue(superuser, ravi, meena, card, rows_at, end, ending, overdue):
    lease_until("A", end, ravi, meena)
    Lease.objects.filter(pk=lease_until("B", end, ravi, meena).pk).update(status="COMPLETED")
    for name, (number, tone) in {"ending": ending, "overdue": overdue}.items():
        assert (card(name).number, card(name).tone) == (number, tone)
        assert rows_at(card(name).url) == number


def test_failed_sms_count_for_7_days_including_today(superuser, card, rows_at):
    first = MIDNIGHT - 6 * DAY
    sms(first)
    sms(first - SECOND)
    sms(first + SECOND, status="DELIVERED")
    assert (card("failed").number, card("failed").tone) == (1, "waiting")
    sms(MIDNIGHT)
    assert (card("failed").number, card("failed").tone) == (2, "bad")
    assert rows_at(card("failed").url) == 2


def test_a_device_without_an_active_default_rule_for_its_type_and_pin_code_has_no_price(superuser, card, rows_at):
    factories.device("Priced")
    factories.device("Retired", status="RETIRED", priced=False, pincode="422001")
    factories.device("No rule", status="ONBOARDED", priced=False, pincode="422002")
    factories.device("Other type", status="ONBOARDED", priced=False, device_type=factories.device_type("SPRAYER"))
    season = factories.device("Only a season", status="NOT_LIVE", priced=False, pincode="422003")
    factories.price(season.device_type, "422003", effective_from=TODAY, effective_to=TODAY)
    assert (card("price").number, card("price").tone) == (3, "waiting")
    PricingRule.objects.update(status="INACTIVE")
    assert (card("price").number, card("price").tone) == (4, "bad")
    assert card("price").text == "1 live, but hidden from all searches."
    assert rows_at(card("price").url) == 4


def test_devices_in_draft_are_in_onboarding(superuser, card, rows_at):
    factories.device("Draft", status="DRAFT")
    factories.device("Onboarded", status="ONBOARDED")
    assert (card("onboarding").number, card("onboarding").tone) == (1, "waiting")
    assert rows_at(card("onboarding").url) == 1
    factories.device("Old draft", status="DRAFT", created_at=MORNING - 14 * DAY - SECOND)
    assert (card("onboarding").number, card("onboarding").tone) == (2, "bad")


@pytest.mark.parametrize(
    ("trainings", "number", "tone"),
    [
        ([("TRACTOR", TODAY + 30 * DAY)], 1, "waiting"),
        ([("TRACTOR", TODAY + 31 * DAY)], 0, "quiet"),
        ([("TRACTOR", TODAY)], 1, "waiting"),
        ([("TRACTOR", TODAY - DAY)], 1, "bad"),
        ([("TRACTOR", None)], 0, "quiet"),
        ([("TRACTOR", TODAY - DAY), ("TRACTOR", TODAY + 365 * DAY)], 0, "quiet"),
        ([("TRACTOR", TODAY - DAY), ("TRACTOR", None)], 0, "quiet"),
        ([("TRACTOR", TODAY - DAY), ("SPRAYER", TODAY + 365 * DAY)], 1, "bad"),
        ([("TRACTOR", TODAY + DAY), ("SPRAYER", TODAY + DAY)], 1, "waiting"),
    ],
    ids=["30 days", "31 days", "today", "expired", "no end", "renewed", "renewed without end", "other", "two of one"],
)
def test_operators_with_an_ending_training_count_once(superuser, card, rows_at, trainings, number, tone):
    operator(*trainings)
    operator(*trainings, status="SUSPENDED")
    assert (card("training").number, card("training").tone) == (number, tone)
    assert rows_at(card("training").url) == number


def test_an_empty_database_shows_no_work(superuser, client, home):
    assert {(card.number, card.tone) for card in home()["cards"]} == {(0, "quiet")}
    page = client.get("/admin/").content.decode()
    for text in ("Nothing to review.", "No order was placed", "No order was accepted", "No device is live yet"):
        assert text in page
    assert "nan" not in page.lower().replace("manufact", "")


def accept(order, kind=Kind.LEASE):
    for status, at in (("INTEREST_RAISED", MORNING - DAY), ("ACCEPTED", MORNING)):
        OrderEvent.objects.create(order_id=order.pk, order_kind=kind, status=status, source="api", created_at=at)


@pytest.fixture
def busy(leased_tractor, ravi, asha, meena):
    """Create rows of every kind in two territories. Returns the territory Pune."""
    pune, nashik = factories.territory("pune", "411"), factories.territory("nashik", "422")
    far = factories.device("Far", pincode="422001", device_type=factories.device_type("SPRAYER"))
    factories.device("Nowhere", pincode="500001")
    for number in range(3):
        accept(factories.order(Kind.LEASE, far, ravi, created_at=MORNING - 9 * number * DAY))
        accept(factories.order(Kind.RENT, leased_tractor, asha, created_at=MORNING - 14 * number * DAY), Kind.RENT)
    factories.order(Kind.RENT, leased_tractor, asha, status="CLOSED", created_at=MORNING - 31 * DAY)
    factories.service_order(pune, meena)
    factories.service_order(nashik, meena, status="verified")
    lease_until("Ending", TODAY + DAY, ravi, meena)
    return pune


def test_every_figure_links_to_exactly_its_rows(superuser, busy, home, rows_at):
    context = home()
    orders, utilisation = context["orders"], context["utilisation"]
    for entry in orders.legend:
        assert rows_at(entry.url) == entry.count
    for bar in [*orders.by_status, *orders.service_by_status]:
        assert rows_at(bar.url) == bar.value
    for part in [part for column in orders.per_day.columns for part in column.parts if part.value]:
        assert rows_at(part.url) == part.value
    for each in context["acceptances"]:
        assert rows_at(each.url) == each.count == 3
        assert sum(rows_at(week.url) for week in each.weeks) == each.count
    assert rows_at(utilisation.url) == utilisation.devices == 4
    for bar in [*utilisation.by_type, *utilisation.by_territory]:
        assert bar.note.startswith(f"{rows_at(bar.url)} device")


def test_all_links_of_the_page_work(superuser, busy, client):
    page = client.get("/admin/").content.decode()
    links = set(re.findall(r'href="(/[^"]*)"', page)) - set(re.findall(r'href="(/static/[^"]*)"', page))
    assert len(links) > 40
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code in {200, 302}, link


CARDS_BY_PERMISSION = {
    "orders.view_order": ["review", "pickup"],
    "service_orders.view_serviceorder": ["verify"],
    "leases.view_lease": ["overdue", "ending"],
    "notifications.view_smsmessage": ["failed"],
    "devices.view_device": ["price", "onboarding"],
    "accounts.view_operator": ["training"],
}


def grant(person, *permissions):
    for permission in permissions:
        app, codename = permission.split(".")
        types = ContentType.objects.filter(app_label=app)
        person.user_permissions.add(Permission.objects.get(content_type__in=types, codename=codename))


@pytest.fixture
def clerk(client, charu):
    """Make Charu a member of staff without permissions."""
    charu.is_staff = True
    charu.save()
    client.force_login(charu)
    return charu


@pytest.mark.parametrize("permission", CARDS_BY_PERMISSION)
def test_a_card_needs_the_permission_to_view_its_list(clerk, busy, home, permission):
    grant(clerk, permission, "accounts.work_everywhere")
    context = home()
    assert [card.name for card in context["cards"]] == CARDS_BY_PERMISSION[permission]
    assert ("orders" in context) == (permission in {"orders.view_order", "service_orders.view_serviceorder"})
    assert ("utilisation" in context) == (permission == "devices.view_device")
    assert "acceptances" not in context


def test_without_permission_for_service_orders_two_kinds_are_shown(clerk, busy, home):
    grant(clerk, "orders.view_order", "events.view_orderevent", "accounts.work_everywhere")
    context = home()
    assert [entry.kind for entry in context["orders"].legend] == ["LEASE", "RENT"]
    assert context["orders"].service_by_status == []
    assert [each.kind for each in context["acceptances"]] == ["LEASE", "RENT"]


def test_without_permissions_the_page_explains_why_it_is_empty(clerk, busy, client):
    page = client.get("/admin/")
    assert page.context["home"]["cards"] == []
    assert "You may not open any list yet" in page.content.decode()


def test_anonymous_users_are_redirected_to_the_login(client):
    assert client.get("/admin/").headers["Location"].startswith("/admin/login")


def test_a_territory_manager_sees_the_figures_of_their_territories(clerk, busy, home, rows_at):
    grant(clerk, *CARDS_BY_PERMISSION, "events.view_orderevent")
    factories.works_in(busy, clerk)
    context = home()
    numbers = {card.name: card.number for card in context["cards"]}
    assert numbers["review"] == 0
    assert numbers["verify"] == 1
    assert {entry.kind: entry.count for entry in context["orders"].legend} == {"LEASE": 2, "RENT": 3, "SERVICE": 1}
    assert [bar.label for bar in context["utilisation"].by_territory] == ["Pune"]
    for card in context["cards"]:
        assert rows_at(card.url) == card.number


def test_a_manager_without_territories_sees_nothing(clerk, busy, home):
    grant(clerk, *CARDS_BY_PERMISSION)
    assert {card.number for card in home()["cards"] if card.name != "training"} == {0}
