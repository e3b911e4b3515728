"""What staff of each group see in Chromium: their buttons, and rows of their own territories."""

from datetime import date

import pytest
from playwright.sync_api import expect

from accounts.models import Operator, User
from orders.choices import Kind
from tests.support import factories
from tests.support.browser import DESKTOP, PHONE, must_be_sound
from tests.support.staff import staff


@pytest.fixture
def orders(ravi, tractor):
    """One order in Pune, one in Nashik."""
    pune, _ = factories.territory("pune", "411"), factories.territory("nashik", "422")
    far = factories.device("Harvester", pincode="422001")
    factories.works_in(pune, staff("+919876543288", "Charu", "territory manager"), can_verify=True)
    return factories.order(Kind.LEASE, tractor, ravi), factories.order(Kind.LEASE, far, ravi)


def test_a_viewer_reads_an_operator_acts(desk, orders):
    order, _ = orders
    address = f"/admin/orders/order/{order.pk}/change/"
    page = desk.open_browser(staff("+919876543287", "Asha", "viewer"))
    page.goto(address)
    expect(page.get_by_role("heading", name=order.short_id)).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    page = desk.open_browser(staff("+919876543286", "Meena", "operator"))
    page.goto(address)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".messagelist")).to_contain_text("Accepted")


def test_a_territory_manager_sees_and_acts_on_their_own(desk, orders):
    own, foreign = orders
    page = desk.open_browser(User.objects.get(name="Charu"), size=PHONE)
    page.goto("/admin/orders/order/")
    expect(page.get_by_text(own.short_id).first).to_be_visible()
    expect(page.get_by_text(foreign.short_id)).to_have_count(0)
    page.goto(f"/admin/orders/order/{own.pk}/change/")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".messagelist")).to_contain_text("Accepted")
    page.goto("/admin/accounts/territory/pune/change/")
    must_be_sound(page)
    page.get_by_label("Name:").fill("Greater Pune")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Greater Pune")


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["dark desktop", "light phone"])
def test_everybody_can_read_the_pages_of_people(desk, orders, superuser, ravi, size, scheme):
    operator = Operator.objects.create(user=ravi, name="Ravi")
    operator.training.create(device_type_code="TRACTOR", valid_till=date(2024, 1, 1))
    page = desk.open_browser(superuser, size=size, color_scheme=scheme)
    rows = {"user": ravi, "vleprofile": ravi.vle_profile, "operator": operator}
    for model, row in rows.items():
        page.goto(f"/admin/accounts/{model}/")
        must_be_sound(page)
        page.goto(f"/admin/accounts/{model}/{row.pk}/change/")
        must_be_sound(page)
    page.goto("/admin/accounts/territory/")
    must_be_sound(page)
    page.goto(f"/admin/accounts/user/{ravi.pk}/change/")
    page.get_by_label("Reason").fill("Phone changed hands")
    page.get_by_role("button", name="Deactivate").click()
    expect(page.locator(".messagelist")).to_contain_text("deactivated")
    expect(page.locator(".standing")).to_contain_text("Deactivated")
