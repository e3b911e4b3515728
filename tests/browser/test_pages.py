"""Every page that staff see: readable by everybody, as wide as its window, without a complaint in the console."""

import pytest
from playwright.sync_api import Page, expect

from orders.models import Kind
from tests.support import world
from tests.support.browser import DESKTOP, PHONE, serious_violations, width_beyond

PAGES = ["/admin/", "/admin/orders/order/", "/admin/devices/device/", "/admin/leases/lease/", "/admin/accounts/user/"]


@pytest.fixture
def boss(meena):
    meena.is_staff = meena.is_superuser = True
    meena.save()
    return meena


def must_be_sound(page: Page) -> None:
    assert serious_violations(page) == []
    assert width_beyond(page) <= 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_every_page(desk, boss, tractor, ravi, size, scheme):
    order = world.order(Kind.LEASE, tractor, ravi)
    page = desk.sit_down(boss, size=size, color_scheme=scheme)
    for address in [*PAGES, f"/admin/orders/order/{order.pk}/change/"]:
        page.goto(address)
        must_be_sound(page)


def test_an_order_is_accepted_by_one_press(desk, boss, tractor, ravi):
    order = world.order(Kind.LEASE, tractor, ravi)
    page = desk.sit_down(boss)
    page.goto(f"/admin/orders/order/{order.pk}/change/")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".messagelist")).to_contain_text("Accepted")
    order.refresh_from_db()
    assert order.status == "ACCEPTED"


def test_the_api_docs_run_without_anything_written_into_the_page(desk):
    page = desk.sit_down()
    page.goto("/docs")
    expect(page.get_by_role("heading", name="KissanMitra API")).to_be_visible()
