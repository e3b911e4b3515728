"""Orders in the browser: the page of one decided before two screens, and many at once."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from orders.choices import Kind
from orders.models import Order
from orders.services import place_order
from tests.support import factories
from tests.support.browser import PHONE, must_be_sound
from tests.support.clients import actor

LIST = "/admin/orders/order/"


@pytest.fixture
def order(tractor, ravi, superuser):
    days = {"start_date": date(2024, 1, 15), "end_date": date(2024, 1, 20)}
    return place_order(by=actor(ravi), device_id=tractor.pk, requested_hours=10, note="For the season", **days)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def says(page: Page, words: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(words)


def test_what_was_decided_on_an_old_page_is_refused(desk, superuser, order):
    first = desk.open_browser(superuser)
    first.goto(LIST)
    first.get_by_role("link", name=f"#{order.short_id}").click()
    must_be_sound(first)
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_label("Note").fill("Looks good")
    press(first, "Accept")
    says(first, f"LEASE #{order.short_id}: Accepted")
    expect(first.get_by_role("list").filter(has=first.locator(".timeline-entry")).first).to_contain_text("Looks good")
    second.get_by_label("Note").fill("In repair")
    press(second, "Reject")
    says(second, "Changed after you opened it")
    expect(second.get_by_role("button", name="Schedule pickup")).to_be_visible()
    assert Order.objects.get().status == "ACCEPTED"
    must_be_sound(second)


def test_a_double_click_acts_once(desk, superuser, order):
    page = desk.open_browser(superuser, size=PHONE, color_scheme="dark")
    page.goto(f"{LIST}{order.pk}/change/")
    page.get_by_role("button", name="Start review").dblclick()
    says(page, "Under review")
    expect(page.locator(".timeline-entry")).to_have_count(2)
    must_be_sound(page)


def test_many_are_rejected_for_one_reason(desk, superuser, order, ravi, charu):
    other = factories.order(Kind.LEASE, factories.device("Plough"), ravi)
    taken = factories.order(Kind.LEASE, factories.device("Seeder"), charu, status="ACTIVE")
    page = desk.open_browser(superuser, size=PHONE)
    page.goto(LIST)
    must_be_sound(page)
    for each in (order, other, taken):
        page.get_by_role("row").filter(has_text=each.short_id).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Reject the chosen orders")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("Refused:")).to_have_count(1)
    must_be_sound(page)
    page.get_by_label("Note for all of them").fill("In repair")
    page.get_by_role("button", name="Reject 2 orders").click()
    says(page, "Rejected: 2 orders")
    assert sorted(Order.objects.values_list("status", flat=True)) == ["ACTIVE", "REJECTED", "REJECTED"]
