"""Test the live board in a browser: every change appears once, also after failures of server and network."""

import json
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.templatetags.static import static
from playwright.sync_api import Locator, Page, expect

from orders.models import Order
from orders.services import change_order_status, place_order, reject_order
from orders.workflow import OrderStatus as S
from service_orders.policies import member_of
from service_orders.services import change_service_order_status
from tests.support import factories
from tests.support.browser import DESKTOP, PHONE, Desk, serious_violations, width_beyond
from tests.support.clients import actor, token_of
from tests.support.server import web_servers

WALL = {"width": 1920, "height": 1080}
RECONNECT_TIMEOUT = 60_000  # milliseconds for the start of a server and the pauses between two attempts


@pytest.fixture
def pune():
    return factories.territory("pune", "411")


@pytest.fixture
def superuser(pune, superuser):
    """Let Meena verify in Pune as well."""
    factories.works_in(pune, superuser, can_verify=True)
    return superuser


@pytest.fixture
def harvester():
    return factories.device("Harvester", pincode="422001")


def place(device, ravi) -> Order:
    return place_order(by=actor(ravi), device_id=device.pk, start_date=date(2024, 1, 15), end_date=date(2024, 1, 20))


def change_status(order: Order, to: str, superuser) -> Order:
    return change_order_status(order, to=to, by=actor(superuser))


def open_board(page: Page, query: str = "") -> Page:
    page.goto(f"/board/{query}")
    must_show_connection(page, "Live")
    expect(page.locator("#board")).not_to_have_class(re.compile("loading"))
    return page


def must_show_connection(page: Page, text: str) -> None:
    expect(page.locator("#connection")).to_contain_text(text, timeout=RECONNECT_TIMEOUT)


def column(page: Page, name: str) -> Locator:
    return page.locator(f'[data-column="{name}"]')


def card(page: Page, order) -> Locator:
    """Locate the card anywhere on the page, so that a duplicate fails the test."""
    return page.locator(f'[data-order="{order.pk}"]')


def must_be_in_column(page: Page, order, name: str) -> None:
    expect(column(page, name).locator(f'[data-order="{order.pk}"]')).to_have_count(1, timeout=RECONNECT_TIMEOUT)
    expect(card(page, order)).to_have_count(1)


def must_have_counts(page: Page, **counts: int) -> None:
    for name, count in counts.items():
        expect(column(page, name).locator(".count")).to_have_text(str(count))


def activity(page: Page) -> Locator:
    return page.locator("#activity li")


def test_changes_through_the_api_appear_without_a_reload(desk, superuser, tractor, ravi):
    page = open_board(desk.open_browser(superuser, size=WALL))
    page.evaluate("window.isSamePage = true")
    headers = {"Authorization": f"Bearer {token_of(ravi)}"}
    data = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"}
    answer = page.request.post("/api/v1/orders", data=data, headers=headers)
    order = Order.objects.get(pk=answer.json()["data"]["id"])
    must_be_in_column(page, order, "new")
    expect(card(page, order)).to_contain_text("Tractor")
    expect(card(page, order)).to_contain_text("Ravi")
    accept = {"data": {"toState": "ACCEPTED"}, "headers": {"Authorization": f"Bearer {token_of(superuser)}"}}
    assert page.request.patch(f"/api/v1/orders/{order.pk}/status", **accept).ok
    must_be_in_column(page, order, "accepted")
    must_have_counts(page, new=0, accepted=1)
    expect(activity(page)).to_have_count(2)
    expect(activity(page).first).to_contain_text(re.compile(rf"lease\s+#{order.short_id}\s+Accepted\s+by Meena"))
    service = {"patient_id": "p", "provider_id": "q", "service_type": "spraying", "priority": "emergency"}
    service |= {"insurance_info": {"carrier": "Star", "policy_number": "1"}}
    headers = {"Authorization": f"Bearer {token_of(superuser)}", "Territory-Id": "pune"}
    assert page.request.post("/api/v1/orders", data=service, headers=headers).ok
    expect(column(page, "new").locator(".order")).to_contain_text(["Emergency"])
    expect(page).to_have_title("1 new · Live board")
    expect(page.locator("#announcer")).not_to_be_empty()
    assert page.evaluate("window.isSamePage") is True
    card(page, order).locator("a").click()
    expect(page).to_have_url(re.compile(f"/admin/orders/order/{order.pk}/change/"))


def test_a_restart_of_the_server_neither_loses_nor_doubles_changes(chromium, superuser, tractor, harvester, ravi):
    with web_servers(1) as (server,), Desk(chromium, server) as desk:
        page = open_board(desk.open_browser(superuser, size=WALL))
        first, second = place(tractor, ravi), place(tractor, ravi)
        must_be_in_column(page, second, "new")
        server.program.kill()
        must_show_connection(page, "Reconnecting in")
        change_status(change_status(first, S.UNDER_REVIEW, superuser), S.ACCEPTED, superuser)
        reject_order(second, by=actor(superuser), note="No")
        third = place(tractor, ravi)
        server.start()
        server.wait_until_ready()
        must_be_in_column(page, first, "accepted")
        must_be_in_column(page, second, "ended")
        must_be_in_column(page, third, "new")
        must_show_connection(page, "Live")
        must_have_counts(page, new=1, review=0, accepted=1, ended=1)
        expect(activity(page)).to_have_count(6)
        change_status(third, S.UNDER_REVIEW, superuser)
        must_be_in_column(page, third, "review")
        expect(activity(page)).to_have_count(7)
        must_have_counts(page, new=0, review=1, accepted=1, ended=1)


def test_a_lost_network_neither_loses_nor_doubles_changes(desk, superuser, tractor, ravi):
    page = open_board(desk.open_browser(superuser, size=WALL))
    order = place(tractor, ravi)
    must_be_in_column(page, order, "new")
    page.context.set_offline(True)
    must_show_connection(page, "Offline")
    order = change_status(order, S.UNDER_REVIEW, superuser)
    other = place(tractor, ravi)
    page.context.set_offline(False)
    must_be_in_column(page, order, "review")
    must_be_in_column(page, other, "new")
    must_show_connection(page, "Live")
    must_have_counts(page, new=1, review=1)
    expect(activity(page)).to_have_count(3)


def test_every_close_code_is_handled_as_documented(desk, superuser):
    page = desk.open_browser(superuser)
    sockets = []

    def answer(socket) -> None:
        sockets.append(socket)
        socket.send(frame("hello", 7))

    def must_reconnect(query: str, *, later: int = 0) -> None:
        """Expect one new socket with this query after `later` milliseconds."""
        before = len(sockets)
        expect(page.locator("#connection")).not_to_contain_text("Live")
        page.clock.fast_forward(later)
        must_show_connection(page, "Live")
        assert [urlsplit(socket.url).query for socket in sockets[before:]] == [query]

    page.route_web_socket(re.compile("/ws/orders"), answer)
    page.clock.install()
    open_board(page)
    for code in (1012, 1013, 4408):
        sockets[-1].close(code=code)
        must_reconnect("territory=pune&since=7")
    sockets[-1].close(code=4429)
    must_reconnect("territory=pune&since=7", later=60_000)
    sockets[-1].send(frame("heartbeat", 9))
    with page.expect_response(re.compile("/board/orders")):
        sockets[-1].send(frame("resync", 3))
    sockets[-1].close(code=1012)
    must_reconnect("territory=pune&since=3")
    sockets[-1].close(code=4400)
    must_reconnect("territory=pune", later=60_000)
    before_silence = len(sockets)
    page.clock.fast_forward(50_000)
    must_show_connection(page, "Reconnecting in")
    must_show_connection(page, "Live")
    assert len(sockets) == before_silence + 1
    sockets[-1].close(code=4401)
    must_show_connection(page, "Signed out")


def frame(kind: str, seq: int) -> str:
    return json.dumps({"type": kind, "territory_id": "pune", "seq": seq})


def test_late_and_repeated_changes_have_no_effect(desk, superuser):
    page = open_board(desk.open_browser(superuser))
    result = page.evaluate(REPLAY_CHANGES, static("backoffice/board/store.js"))
    assert result == {"status": "ACTIVE", "ACCEPTED": 0, "PICKUP_SCHEDULED": 0, "ACTIVE": 4}


REPLAY_CHANGES = """async (url) => {
    const { Store } = await import(url);
    const store = new Store();
    const change = (seq, previous_status, status) => ({ seq, previous_status, status, order_id: "a", order_kind: "RENT",
        territory_id: "pune", timestamp: `2026-01-01T00:00:0${seq}Z` });
    const card = (status, seq) => ({ id: "a", kind: "RENT", status, since: `2026-01-01T00:00:0${seq}Z`,
        mark: { territory: "pune", seq } });
    // The counts are of position 4. The card is at 6, and both changes arrived before the response.
    const received = [change(4, "UNDER_REVIEW", "ACCEPTED"), change(5, "ACCEPTED", "PICKUP_SCHEDULED"),
        change(6, "PICKUP_SCHEDULED", "ACTIVE")];
    const counts = { RENT: { ACCEPTED: 1, ACTIVE: 3 } };
    store.load({ positions: { pune: 4 }, counts, cards: [card("ACTIVE", 6)] }, received);
    for (const repeated of [...received, received[0]]) store.apply(repeated);
    store.update(card("ACCEPTED", 4));
    const number = (status) => store.count([status], ["RENT"]);
    return { status: store.cards.get("a").status, ACCEPTED: number("ACCEPTED"),
        PICKUP_SCHEDULED: number("PICKUP_SCHEDULED"), ACTIVE: number("ACTIVE") };
}"""


def test_filters_are_kept_in_the_url_and_need_no_reload(desk, superuser, tractor, harvester, ravi):
    factories.territory("nashik", "422")
    here, there = place(tractor, ravi), place(harvester, ravi)
    service = factories.service_order(superuser.memberships.get().territory, ravi)
    page = open_board(desk.open_browser(superuser, size=DESKTOP))
    page.evaluate("window.isSamePage = true")
    must_have_counts(page, new=3)
    page.get_by_label("Territory").select_option("nashik")
    must_have_counts(page, new=1)
    must_be_in_column(page, there, "new")
    expect(card(page, here)).to_have_count(0)
    change_status(here, S.UNDER_REVIEW, superuser)
    change_status(there, S.UNDER_REVIEW, superuser)
    must_be_in_column(page, there, "review")
    expect(card(page, here)).to_have_count(0)
    page.get_by_label("Territory").select_option("")
    page.get_by_label("Kind").select_option("SERVICE")
    must_be_in_column(page, service, "new")
    expect(page.get_by_role("heading", name="To verify")).to_be_visible()
    expect(column(page, "pickup")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/board/\?kind=SERVICE$"))
    assert page.evaluate("window.isSamePage") is True
    page.reload()
    must_have_counts(page, new=1)
    change_service_order_status(service, to="verified", by=member_of("pune", actor(superuser)))
    must_be_in_column(page, service, "accepted")
    open_board(page, "?territory=nashik&kind=LEASE")
    must_have_counts(page, new=0, review=1)
    expect(page.get_by_label("Territory")).to_have_value("nashik")
    open_board(page, "?territory=mumbai")
    expect(page.locator(".notice")).to_have_text("You may not watch mumbai. These are the territories that you may.")


def test_many_orders_are_counted_and_link_to_the_lists(desk, superuser, tractor, ravi):
    far = factories.device("Far away", pincode="999999")
    place(far, ravi)
    dates = {"start_date": date(2024, 1, 15), "end_date": date(2024, 1, 20)}
    rows = [Order(kind="LEASE", device=tractor, requester=ravi, status="INTEREST_RAISED", **dates) for _ in range(362)]
    Order.objects.bulk_create(rows)
    page = open_board(desk.open_browser(superuser), "?kind=LEASE&territory=pune")
    must_have_counts(page, new=362)
    expect(column(page, "new").locator(".order")).to_have_count(50)
    more = column(page, "new").locator(".more")
    expect(more).to_contain_text("and 312 more")
    newest = place(tractor, ravi)
    must_be_in_column(page, newest, "new")
    must_have_counts(page, new=363)
    expect(more).to_contain_text("and 313 more")
    more.get_by_role("link").click()
    expect(page).to_have_url(re.compile("status__exact=INTEREST_RAISED.*kind__exact=LEASE.*territory=pune"))
    expect(page.locator(".paginator")).to_contain_text("363")
    open_board(page)
    page.get_by_role("link", name="Show the list").click()
    expect(page.locator(".paginator")).to_contain_text("1 order")


def test_the_board_works_with_the_keyboard(desk, superuser, tractor, ravi):
    first, second, third = place(tractor, ravi), place(tractor, ravi), place(tractor, ravi)
    change_status(first, S.UNDER_REVIEW, superuser)
    page = open_board(desk.open_browser(superuser))

    def must_have_focus(order) -> None:
        expect(card(page, order).locator("a")).to_be_focused()

    must_be_in_column(page, first, "review")
    page.keyboard.press("j")
    must_have_focus(third)
    page.keyboard.press("ArrowDown")
    must_have_focus(second)
    page.keyboard.press("ArrowRight")
    must_have_focus(first)
    page.keyboard.press("h")
    must_have_focus(third)
    change_status(third, S.UNDER_REVIEW, superuser)
    must_be_in_column(page, third, "review")
    must_have_focus(third)
    page.keyboard.press("/")
    expect(page.get_by_label("Territory")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    sound = page.get_by_role("button", name="Sound")
    expect(sound).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("m")
    expect(sound).to_have_attribute("aria-pressed", "true")
    card(page, second).locator("a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/admin/orders/order/{second.pk}/change/"))


def test_after_a_logout_elsewhere_the_board_links_to_the_login(desk, superuser, tractor, ravi):
    page = open_board(desk.open_browser(superuser), "?territory=pune")
    superuser.set_password("another one than before")
    superuser.save()
    must_show_connection(page, "Signed out")
    page.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/admin/login/\?next=%2Fboard%2F%3Fterritory%3Dpune"))


def test_orders_disappear_when_the_membership_ends(desk, pune, superuser, charu, tractor, ravi):
    order = place(tractor, ravi)
    charu.is_staff = True
    charu.save()
    permissions = ["view_orderevent", "view_order", "view_serviceorder"]
    charu.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    membership = factories.works_in(pune, charu)
    page = open_board(desk.open_browser(charu))
    must_be_in_column(page, order, "new")
    membership.delete()
    must_show_connection(page, "Nothing to watch")
    expect(card(page, order)).to_have_count(0, timeout=RECONNECT_TIMEOUT)
    expect(page.locator(".notice")).to_contain_text("You are a member of no territory")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_is_accessible_on_a_wall_screen_and_on_a_phone(desk, superuser, tractor, ravi, scheme):
    order = change_status(place(tractor, ravi), S.UNDER_REVIEW, superuser)
    factories.service_order(superuser.memberships.get().territory, ravi, priority="urgent")
    page = open_board(desk.open_browser(superuser, size=WALL, color_scheme=scheme, reduced_motion="reduce"))
    must_be_in_column(page, order, "review")
    for size in (WALL, DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert serious_violations(page) == []
        assert width_beyond(page) <= 0
    expect(card(page, order)).to_be_hidden()
    page.get_by_role("button", name="Under review 1").click()
    expect(card(page, order)).to_be_visible()
    page.get_by_role("button", name="Activity").click()
    expect(activity(page).first).to_be_visible()
    page.mouse.wheel(0, 2000)
    expect(page.locator("#connection")).to_be_in_viewport()
