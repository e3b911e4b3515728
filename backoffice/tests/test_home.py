"""The home page: each number is the number of rows in the list behind it, seen by the same person."""

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
from orders.models import Kind
from tests.support import factories

TODAY = date(2024, 6, 30)
MIDNIGHT = start_of(TODAY)
MORNING = datetime(2024, 6, 30, 4, 30, tzinfo=UTC)  # 10 o'clock in Kolkata
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def superuser(client, superuser):
    client.force_login(superuser)
    return superuser


@pytest.fixture
def home(client):
    """`home()` is what the page shows to whoever is logged in."""
    return lambda: client.get("/admin/").context["home"]


@pytest.fixture
def card(home):
    """`card("review")` is that card of the page."""
    return lambda name: next(card for card in home()["cards"] if card.name == name)


@pytest.fixture
def rows_behind(client):
    """`rows_behind(url)` is how many rows the list there has."""

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
    person = factories.user(f"+9198765400{Operator.objects.count():02}", "Ganesh", Role.OPERATOR)
    row = Operator.objects.create(user=person, name="Ganesh", status=status)
    OperatorTraining.objects.bulk_create(
        OperatorTraining(operator=row, device_type_code=code, valid_till=till) for code, till in trainings
    )


def leased_until(name, end, ravi, meena):
    return factories.lease(factories.device(name), ravi, meena, date(2024, 1, 1), end)


def test_lease_orders_wait_for_review_in_two_states_and_rent_orders_do_not(
    superuser, leased_tractor, ravi, asha, card, rows_behind
):
    for status in ("INTEREST_RAISED", "UNDER_REVIEW", "ACCEPTED", "REJECTED", "CANCELLED"):
        factories.order(Kind.LEASE, leased_tractor, ravi, status=status)
    factories.order(Kind.RENT, leased_tractor, asha)
    review = card("review")
    assert (review.number, review.tone, review.says) == (2, "waiting", "The oldest has waited 0\xa0minutes.")
    assert rows_behind(review.url) == 2


def test_an_order_that_waits_for_more_than_two_days_is_urgent(superuser, tractor, ravi, card):
    order = factories.order(Kind.LEASE, tractor, ravi, created_at=MORNING - 2 * DAY)
    assert card("review").tone == "waiting"
    type(order).objects.update(created_at=MORNING - 2 * DAY - SECOND)
    assert card("review").tone == "bad"
    assert card("review").says == "1 for over 2 days; the oldest has waited 2\xa0days."


def test_service_orders_wait_to_be_verified_and_emergencies_are_urgent(superuser, meena, card, rows_behind):
    pune = factories.territory("pune", "411")
    for status in ("pending_verification", "verified", "rejected"):
        factories.service_order(pune, meena, status=status)
    assert (card("verify").number, card("verify").tone) == (1, "waiting")
    factories.service_order(pune, meena, priority="emergency")
    assert (card("verify").number, card("verify").tone) == (2, "bad")
    assert rows_behind(card("verify").url) == 2


@pytest.mark.parametrize(
    ("start", "number", "tone"),
    [(TODAY - DAY, 1, "bad"), (TODAY, 1, "waiting"), (TODAY + DAY, 0, "quiet")],
    ids=["yesterday", "today", "tomorrow"],
)
def test_a_pickup_is_due_from_its_first_day(superuser, tractor, ravi, card, rows_behind, start, number, tone):
    days = {"start_date": start, "end_date": TODAY + 9 * DAY}
    factories.order(Kind.LEASE, tractor, ravi, status="PICKUP_SCHEDULED", **days)
    factories.order(Kind.LEASE, factories.device("B"), ravi, status="ACCEPTED", **days)
    assert (card("pickup").number, card("pickup").tone) == (number, tone)
    assert rows_behind(card("pickup").url) == number


@pytest.mark.parametrize(
    ("moment", "number"),
    [(MIDNIGHT - SECOND, 0), (MIDNIGHT, 1)],
    ids=["a second before midnight in Kolkata", "midnight in Kolkata"],
)
def test_today_begins_at_midnight_in_kolkata(superuser, tractor, ravi, card, moment, number):
    factories.order(
        Kind.LEASE, tractor, ravi, status="PICKUP_SCHEDULED", start_date=TODAY, end_date=TODAY
    )  # fmt: skip
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
def test_a_lease_ends_within_7_days_or_is_past_its_end(superuser, ravi, meena, card, rows_behind, end, ending, overdue):
    leased_until("A", end, ravi, meena)
    Lease.objects.filter(pk=leased_until("B", end, ravi, meena).pk).update(status="COMPLETED")
    for name, (number, tone) in {"ending": ending, "overdue": overdue}.items():
        assert (card(name).number, card(name).tone) == (number, tone)
        assert rows_behind(card(name).url) == number


def test_sms_that_failed_count_for_seven_days_with_today(superuser, card, rows_behind):
    first = MIDNIGHT - 6 * DAY
    sms(first)
    sms(first - SECOND)
    sms(first + SECOND, status="DELIVERED")
    assert (card("failed").number, card("failed").tone) == (1, "waiting")
    sms(MIDNIGHT)
    assert (card("failed").number, card("failed").tone) == (2, "bad")
    assert rows_behind(card("failed").url) == 2


def test_a_device_lacks_a_price_without_an_active_default_rule_for_its_type_and_place(superuser, card, rows_behind):
    factories.device("Priced")
    factories.device("Retired", status="RETIRED", priced=False, pincode="422001")
    factories.device("No rule", status="ONBOARDED", priced=False, pincode="422002")
    factories.device("Other type", status="ONBOARDED", priced=False, device_type=factories.device_type("SPRAYER"))
    season = factories.device("Only a season", status="NOT_LIVE", priced=False, pincode="422003")
    factories.price(season.device_type, "422003", effective_from=TODAY, effective_to=TODAY)
    assert (card("price").number, card("price").tone) == (3, "waiting")
    PricingRule.objects.update(status="INACTIVE")
    assert (card("price").number, card("price").tone) == (4, "bad")
    assert card("price").says == "1 live, but hidden from all searches."
    assert rows_behind(card("price").url) == 4


def test_drafts_are_left_in_onboarding(superuser, card, rows_behind):
    factories.device("Draft", status="DRAFT")
    factories.device("Onboarded", status="ONBOARDED")
    assert (card("onboarding").number, card("onboarding").tone) == (1, "waiting")
    assert rows_behind(card("onboarding").url) == 1
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
    ids=["30 days", "31 days", "today", "expired", "no end", "renewed", "renewed for ever", "other", "two of one"],
)
def test_operators_whose_training_ends_count_once(superuser, card, rows_behind, trainings, number, tone):
    operator(*trainings)
    operator(*trainings, status="SUSPENDED")
    assert (card("training").number, card("training").tone) == (number, tone)
    assert rows_behind(card("training").url) == number


def test_an_empty_product_is_calm(superuser, client, home):
    assert {(card.number, card.tone) for card in home()["cards"]} == {(0, "quiet")}
    page = client.get("/admin/").content.decode()
    for words in ("Nothing to review.", "No order was placed", "No order was accepted", "No device is live yet"):
        assert words in page
    assert "nan" not in page.lower().replace("manufact", "")


def accept(order, kind=Kind.LEASE):
    for status, at in (("INTEREST_RAISED", MORNING - DAY), ("ACCEPTED", MORNING)):
        OrderEvent.objects.create(order_id=order.pk, order_kind=kind, status=status, source="api", created_at=at)


@pytest.fixture
def busy(leased_tractor, ravi, asha, meena):
    """Some of everything, in two territories."""
    pune, nashik = factories.territory("pune", "411"), factories.territory("nashik", "422")
    far = factories.device("Far", pincode="422001", device_type=factories.device_type("SPRAYER"))
    factories.device("Nowhere", pincode="500001")
    for number in range(3):
        accept(factories.order(Kind.LEASE, far, ravi, created_at=MORNING - 9 * number * DAY))
        accept(factories.order(Kind.RENT, leased_tractor, asha, created_at=MORNING - 14 * number * DAY), Kind.RENT)
    factories.order(Kind.RENT, leased_tractor, asha, status="CLOSED", created_at=MORNING - 31 * DAY)
    factories.service_order(pune, meena)
    factories.service_order(nashik, meena, status="verified")
    leased_until("Ending", TODAY + DAY, ravi, meena)
    return pune


def test_every_figure_leads_to_exactly_its_rows(superuser, busy, home, rows_behind):
    shown = home()
    orders, use = shown["orders"], shown["use"]
    for entry in orders.legend:
        assert rows_behind(entry.url) == entry.n
    for bar in [*orders.by_state, *orders.service_by_state]:
        assert rows_behind(bar.url) == bar.value
    for part in [part for column in orders.per_day.columns for part in column.parts if part.value]:
        assert rows_behind(part.url) == part.value
    for each in shown["acceptances"]:
        assert rows_behind(each.url) == each.n == 3
        assert sum(rows_behind(week.url) for week in each.weeks) == each.n
    assert rows_behind(use.url) == use.devices == 4
    for bar in [*use.by_type, *use.by_territory]:
        assert bar.note.startswith(f"{rows_behind(bar.url)} device")


def test_all_links_of_the_page_open(superuser, busy, client):
    page = client.get("/admin/").content.decode()
    links = set(re.findall(r'href="(/[^"]*)"', page)) - set(re.findall(r'href="(/static/[^"]*)"', page))
    assert len(links) > 40
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code in {200, 302}, link


CARDS_BY_RIGHT = {
    "orders.view_order": ["review", "pickup"],
    "service_orders.view_serviceorder": ["verify"],
    "leases.view_lease": ["overdue", "ending"],
    "notifications.view_smsmessage": ["failed"],
    "devices.view_device": ["price", "onboarding"],
    "accounts.view_operator": ["training"],
}


def allow(person, *rights):
    for right in rights:
        app, codename = right.split(".")
        types = ContentType.objects.filter(app_label=app)
        person.user_permissions.add(Permission.objects.get(content_type__in=types, codename=codename))


@pytest.fixture
def clerk(client, charu):
    """Of the staff, with no rights yet."""
    charu.is_staff = True
    charu.save()
    client.force_login(charu)
    return charu


@pytest.mark.parametrize("right", CARDS_BY_RIGHT)
def test_a_card_is_for_those_who_may_see_its_list(clerk, busy, home, right):
    allow(clerk, right, "accounts.work_everywhere")
    shown = home()
    assert [card.name for card in shown["cards"]] == CARDS_BY_RIGHT[right]
    assert ("orders" in shown) == (right in {"orders.view_order", "service_orders.view_serviceorder"})
    assert ("use" in shown) == (right == "devices.view_device")
    assert "acceptances" not in shown


def test_who_sees_orders_but_no_service_orders_sees_two_kinds(clerk, busy, home):
    allow(clerk, "orders.view_order", "events.view_orderevent", "accounts.work_everywhere")
    shown = home()
    assert [entry.kind for entry in shown["orders"].legend] == ["LEASE", "RENT"]
    assert shown["orders"].service_by_state == []
    assert [each.kind for each in shown["acceptances"]] == ["LEASE", "RENT"]


def test_without_rights_the_home_is_empty_but_kind(clerk, busy, client):
    page = client.get("/admin/")
    assert page.context["home"]["cards"] == []
    assert "You may not open any list yet" in page.content.decode()


def test_strangers_are_sent_to_the_login(client):
    assert client.get("/admin/").headers["Location"].startswith("/admin/login")


def test_a_territory_manager_sees_the_figures_of_the_own_territories(clerk, busy, home, rows_behind):
    allow(clerk, *CARDS_BY_RIGHT, "events.view_orderevent")
    factories.works_in(busy, clerk)
    shown = home()
    numbers = {card.name: card.number for card in shown["cards"]}
    assert numbers["review"] == 0
    assert numbers["verify"] == 1
    assert {entry.kind: entry.n for entry in shown["orders"].legend} == {"LEASE": 2, "RENT": 3, "SERVICE": 1}
    assert [bar.label for bar in shown["use"].by_territory] == ["Pune"]
    for card in shown["cards"]:
        assert rows_behind(card.url) == card.number


def test_a_manager_without_territories_sees_nothing(clerk, busy, home):
    allow(clerk, *CARDS_BY_RIGHT)
    assert {card.number for card in home()["cards"] if card.name != "training"} == {0}
