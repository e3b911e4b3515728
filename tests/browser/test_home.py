"""Test the home page in a browser: links to the lists, and the menu on a phone."""

from playwright.sync_api import expect

from orders.choices import Kind
from tests.support import factories
from tests.support.browser import PHONE, serious_violations, width_beyond


def test_a_number_links_to_its_rows(desk, superuser, tractor, ravi):
    for _ in range(2):
        factories.order(Kind.LEASE, tractor, ravi)
    page = desk.open_browser(superuser)
    page.goto("/admin/")
    page.get_by_role("link", name="LEASE orders to review").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.goto("/admin/")
    page.get_by_text("As a table").click()
    page.locator(".as-table").get_by_role("link", name="2").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)


def test_on_a_phone_the_menu_opens_with_a_button(desk, superuser, tractor):
    page = desk.open_browser(superuser, size=PHONE)
    page.goto("/admin/")
    menu = page.get_by_role("navigation", name="Menu")
    expect(menu).to_be_hidden()
    page.locator("summary", has_text="Menu").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    assert serious_violations(page) == []
    menu.get_by_role("link", name="Devices", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("evice")
    assert width_beyond(page) <= 0
