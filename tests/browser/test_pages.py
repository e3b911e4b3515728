"""Every page that staff see: readable by everybody, as wide as its window, without a complaint in the console."""

import pytest
from playwright.sync_api import Page, expect

from orders.choices import Kind
from tests.support import factories
from tests.support.browser import DESKTOP, PHONE, serious_violations, width_beyond

MAIN = [
    "/admin/",
    "/admin/orders/order/",
    "/admin/service_orders/serviceorder/",
    "/admin/leases/lease/",
    "/admin/devices/device/",
    "/admin/accounts/user/",
]
# Those that no walk of another file asks about.
OTHERS = [
    "/admin/orders/intent/",
    "/admin/events/orderevent/",
    "/admin/devices/pricingrule/",
    "/admin/devices/pricingrule/add/",
    "/admin/accounts/operator/add/",
    "/admin/accounts/territory/add/",
    "/admin/accounts/accesschange/",
    "/admin/notifications/smsmessage/",
    "/admin/exports/export/",
]


def faults_of(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """What keeps people from reading these pages, by page."""
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = [*serious_violations(page), *(["wider than its window"] if width_beyond(page) > 0 else [])]
    return {address: faults for address, faults in found.items() if faults}


@pytest.mark.parametrize(
    ("size", "scheme", "addresses"),
    [(DESKTOP, "light", MAIN + OTHERS), (PHONE, "dark", MAIN)],
    ids=["desktop", "phone"],
)
def test_everybody_can_read_every_page(desk, superuser, tractor, ravi, size, scheme, addresses):
    order = factories.order(Kind.LEASE, tractor, ravi)
    page = desk.open_browser(superuser, size=size, color_scheme=scheme)
    assert faults_of(page, [*addresses, f"/admin/orders/order/{order.pk}/change/"]) == {}


def test_an_order_is_accepted_by_one_press(desk, superuser, tractor, ravi):
    order = factories.order(Kind.LEASE, tractor, ravi)
    page = desk.open_browser(superuser)
    page.goto(f"/admin/orders/order/{order.pk}/change/")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".messagelist")).to_contain_text("Accepted")
    order.refresh_from_db()
    assert order.status == "ACCEPTED"


def test_the_api_docs_run_without_anything_written_into_the_page(desk):
    page = desk.open_browser()
    page.goto("/docs")
    expect(page.get_by_role("heading", name="KissanMitra API")).to_be_visible()
