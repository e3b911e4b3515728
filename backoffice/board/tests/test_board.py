"""Test the page of the board and its data: snapshots with bounds and exact counts, details of some orders."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import TerritoryMembership
from backoffice.board.phases import PHASES
from events.choices import OrderKind
from events.models import OrderEvent
from orders.choices import Kind
from orders.models import Order
from orders.services import change_order_status, place_order
from orders.workflow import OrderStatus
from service_orders.models import ServiceOrder
from service_orders.policies import member_of
from service_orders.services import change_service_order_status
from service_orders.workflow import ServiceOrderStatus
from tests.support import factories
from tests.support.clients import actor
from tests.support.feed import many_changes

WATCH_PERMISSIONS = ["view_orderevent", "view_order", "view_serviceorder"]
JANUARY = {"start_date": date(2024, 1, 15), "end_date": date(2024, 1, 20)}


@pytest.fixture
def pune():
    return factories.territory("pune", "411")


@pytest.fixture
def nashik():
    return factories.territory("nashik", "422")


@pytest.fixture
def watcher(charu):
    """Make Charu a member of staff who may see orders, without a membership."""
    charu.is_staff = True
    charu.save()
    charu.user_permissions.set(Permission.objects.filter(codename__in=WATCH_PERMISSIONS))
    return charu


def browser(user=None):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def snapshot(user, **query):
    answer = browser(user).get("/board/orders", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def place(device, ravi):
    return place_order(by=actor(ravi), device_id=device.pk, **JANUARY)


def test_the_page_needs_the_permission_to_see_the_order_history(client, asha, watcher, superuser):
    assert client.get("/board/").headers["Location"] == "/admin/login/?next=/board/"
    client.force_login(asha)
    assert client.get("/board/").status_code == 302
    watcher.user_permissions.clear()
    assert browser(watcher).get("/board/").status_code == 403
    page = browser(superuser).get("/board/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_its_data_need_the_same_permission_and_answer_401_and_403(asha, watcher):
    assert browser().get("/board/orders").status_code == 401
    assert browser(asha).get("/board/orders").status_code == 401
    watcher.user_permissions.clear()
    assert browser(watcher).get("/board/orders").status_code == 403


def test_only_get_is_allowed(superuser):
    assert browser(superuser).post("/board/").status_code == 405
    assert browser(superuser).post("/board/orders").status_code == 405


def test_every_status_but_draft_is_in_one_column():
    states = [state for phase in PHASES for state in phase.states]
    assert sorted(states) == sorted([*OrderStatus.values, *ServiceOrderStatus.values][1:])


def test_a_card_has_what_a_dispatcher_needs(pune, superuser, tractor, ravi):
    order = place(tractor, ravi)
    (card,) = snapshot(superuser)["cards"]
    assert card == {
        "id": str(order.pk),
        "kind": "LEASE",
        "status": "INTEREST_RAISED",
        "what": "Tractor",
        "who": "Ravi",
        "start": "2024-01-15",
        "end": "2024-01-20",
        "priority": "",
        "territory": "pune",
        "since": card["since"],
        "mark": {"territory": "pune", "seq": 1},
    }


def test_a_card_of_a_service_order_has_no_insurance_data_and_no_phone(pune, superuser, ravi):
    ravi.name = ""
    ravi.save()
    order = factories.service_order(pune, ravi, priority="urgent")
    (card,) = snapshot(superuser)["cards"]
    assert (card["id"], card["kind"], card["what"]) == (str(order.pk), "SERVICE", "spraying")
    assert (card["priority"], card["who"], card["start"], card["mark"]) == ("urgent", "…3210", None, None)
    assert "Star Health" not in json.dumps(card)
    assert "patient-1" not in json.dumps(card)


def test_counts_and_positions_are_from_one_snapshot(pune, nashik, superuser, tractor, ravi):
    order = place(tractor, ravi)
    change_order_status(order, to=OrderStatus.ACCEPTED, by=actor(superuser))
    place(tractor, ravi)
    factories.service_order(nashik, ravi)
    board = snapshot(superuser)
    assert board["counts"] == {
        "LEASE": {"ACCEPTED": 1, "INTEREST_RAISED": 1},
        "SERVICE": {"pending_verification": 1},
    }
    assert board["positions"] == {"nashik": 0, "pune": 3}


def test_recent_changes_name_the_user(pune, superuser, tractor, ravi):
    order = place(tractor, ravi)
    change_order_status(order, to=OrderStatus.UNDER_REVIEW, by=actor(superuser))
    newest, first = snapshot(superuser)["changes"]
    assert (newest["seq"], newest["status"], newest["by"]) == (2, "UNDER_REVIEW", "Meena")
    assert (first["seq"], first["status"], first["by"]) == (1, "INTEREST_RAISED", "Ravi")
    assert newest["order_id"] == str(order.pk)


def test_orders_that_ended_are_shown_until_midnight(pune, superuser, tractor, ravi):
    today = place(tractor, ravi)
    change_order_status(today, to=OrderStatus.REJECTED, by=actor(superuser), note="No")
    earlier = factories.order(Kind.LEASE, tractor, ravi, status=OrderStatus.REJECTED)
    ended = {"order_id": earlier.pk, "order_kind": "LEASE", "status": "REJECTED", "territory": pune}
    OrderEvent.objects.create(**ended, source="api", created_at=timezone.now() - timedelta(days=2))
    board = snapshot(superuser)
    assert [card["id"] for card in board["cards"]] == [str(today.pk)]
    assert board["counts"] == {"LEASE": {"REJECTED": 1}}


def test_a_resubmitted_service_order_has_not_ended(pune, superuser, ravi):
    factories.works_in(pune, superuser, can_verify=True)
    member = member_of("pune", actor(superuser))
    order = factories.service_order(pune, ravi)
    change_service_order_status(order, to="rejected", by=member)
    change_service_order_status(order, to="pending_verification", by=member)
    assert snapshot(superuser)["counts"] == {"SERVICE": {"pending_verification": 1}}


def test_territory_and_kind_filter_everything(pune, nashik, superuser, tractor, ravi):
    elsewhere = factories.device("Harvester", pincode="422001")
    here, there = place(tractor, ravi), place(elsewhere, ravi)
    service = factories.service_order(pune, ravi)
    assert {card["id"] for card in snapshot(superuser)["cards"]} == {str(row.pk) for row in (here, there, service)}
    board = snapshot(superuser, territory="nashik")
    assert [card["id"] for card in board["cards"]] == [str(there.pk)]
    assert (board["watching"], board["positions"]) == (["nashik"], {"nashik": 1})
    assert [line["territory_id"] for line in board["changes"]] == ["nashik"]
    board = snapshot(superuser, kind="SERVICE")
    assert [card["id"] for card in board["cards"]] == [str(service.pk)]
    assert (board["changes"], board["counts"]) == ([], {"SERVICE": {"pending_verification": 1}})


def test_the_longest_prefix_decides_the_territory_of_an_order(pune, superuser, tractor, ravi):
    factories.territory("city", "411001")
    place(tractor, ravi)
    assert snapshot(superuser, territory="pune")["cards"] == []
    assert [card["territory"] for card in snapshot(superuser, territory="city")["cards"]] == ["city"]


def test_orders_outside_all_territories_are_counted_for_users_with_global_access(pune, watcher, superuser, ravi):
    far = factories.device("Far away", pincode="999999")
    order = place(far, ravi)
    factories.works_in(pune, watcher)
    assert snapshot(superuser)["outside"] == 1
    assert snapshot(watcher)["outside"] == 0
    change_order_status(order, to=OrderStatus.REJECTED, by=actor(superuser), note="No")
    assert snapshot(superuser)["outside"] == 0


def test_members_watch_only_their_own_territories(pune, nashik, watcher, tractor, ravi):
    order = place(tractor, ravi)
    assert (snapshot(watcher)["cards"], snapshot(watcher)["territories"]) == ([], [])
    membership = factories.works_in(pune, watcher)
    board = snapshot(watcher)
    assert board["territories"] == [{"id": "pune", "name": "Pune"}]
    assert [card["id"] for card in board["cards"]] == [str(order.pk)]
    assert browser(watcher).get("/board/orders", {"territory": "nashik"}).status_code == 403
    TerritoryMembership.objects.filter(pk=membership.pk).delete()
    assert browser(watcher).get("/board/orders", {"territory": "pune"}).status_code == 403
    assert browser(watcher).get("/board/orders", {"ids": order.pk}).json() == {"cards": [], "changes": []}


def test_kinds_without_permission_are_not_shown(pune, watcher, tractor, ravi):
    factories.works_in(pune, watcher)
    place(tractor, ravi)
    service = factories.service_order(pune, ravi)
    watcher.user_permissions.remove(Permission.objects.get(codename="view_order"))
    board = snapshot(watcher)
    assert [card["id"] for card in board["cards"]] == [str(service.pk)]
    assert board["changes"] == []
    assert browser(watcher).get("/board/orders", {"kind": "LEASE"}).status_code == 403


def test_details_are_returned_for_the_given_ids(pune, superuser, tractor, ravi):
    order, service = place(tractor, ravi), factories.service_order(pune, ravi)
    place(tractor, ravi)
    answer = snapshot(superuser, ids=f"{order.pk},{service.pk},{factories.UNKNOWN}")
    assert {card["id"] for card in answer["cards"]} == {str(order.pk), str(service.pk)}
    assert [(line["order_id"], line["by"]) for line in answer["changes"]] == [(str(order.pk), "Ravi")]


@pytest.mark.parametrize("ids", ["", "1", "abc", f"{factories.UNKNOWN},", ",".join([factories.UNKNOWN] * 101)])
def test_invalid_or_too_many_ids_are_refused(superuser, ids):
    assert browser(superuser).get("/board/orders", {"ids": ids}).status_code == 400


def test_many_orders_are_counted_and_the_first_of_each_column_are_shown(pune, superuser, ravi, tractor):
    Order.objects.bulk_create(
        Order(kind=Kind.LEASE, device=tractor, requester=ravi, status=status, **JANUARY)
        for status in ("INTEREST_RAISED", "UNDER_REVIEW")
        for _ in range(1500)
    )
    many_changes(superuser, 1000)
    board = snapshot(superuser)
    assert board["counts"]["LEASE"] == {"INTEREST_RAISED": 1500, "UNDER_REVIEW": 1500}
    assert len(board["cards"]) == 100
    assert len(board["changes"]) == 40
    newest = Order.objects.filter(status="UNDER_REVIEW").order_by("-updated_at", "-pk")[:50]
    shown = {card["id"] for card in board["cards"] if card["status"] == "UNDER_REVIEW"}
    assert shown == {str(row.pk) for row in newest}


def test_emergencies_are_shown_before_newer_orders(pune, superuser, ravi):
    first = factories.service_order(pune, ravi, priority="emergency")
    newer = [factories.service_order(pune, ravi) for _ in range(55)]
    shown = {card["id"] for card in snapshot(superuser)["cards"]}
    assert len(shown) == 50
    assert str(first.pk) in shown
    assert str(newer[0].pk) not in shown


def test_the_number_of_queries_is_constant(pune, nashik, watcher, ravi, tractor):
    factories.works_in(pune, watcher)
    place(tractor, ravi)
    factories.service_order(pune, ravi)
    client = browser(watcher)
    with CaptureQueriesContext(connection) as few:
        client.get("/board/orders")
    for number in range(10):
        factories.works_in(factories.territory(f"territory-{number}", f"5{number}"), watcher)
        place(tractor, ravi)
        factories.service_order(pune, ravi)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/board/orders").json()["cards"]) == 22
    assert len(many) == len(few) <= 25


def test_the_number_of_territories_watched_at_once_is_limited(superuser):
    for number in range(45):
        factories.territory(f"territory-{number:02}", f"5{number:02}")
    board = snapshot(superuser)
    assert (len(board["territories"]), len(board["watching"])) == (45, 40)
    assert snapshot(superuser, territory="territory-44")["watching"] == ["territory-44"]


def test_the_order_kinds_of_the_feed_cover_both_contracts():
    assert set(OrderKind.values) == {*Kind.values, "SERVICE"}
    assert ServiceOrder.objects.count() == 0
