"""A lease from the VLE's order to the return of the device, by clicks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from leases.models import Lease
from leases.tests.conftest import operator
from notifications.models import SmsMessage
from orders.models import Order
from orders.services import place_order
from tests.support.browser import PHONE, must_be_sound, width_beyond
from tests.support.clients import actor
from tests.support.files import pdf, png
from tests.support.pdf_text import pages_of


@pytest.fixture
def order(tractor, ravi) -> Order:
    """Ravi asks for the tractor from tomorrow on, for ten days."""
    first = timezone.localdate() + timedelta(days=1)
    return place_order(
        by=actor(ravi),
        device_id=tractor.pk,
        start_date=first,
        end_date=first + timedelta(days=9),
        requested_hours=Decimal(40),
    )


@pytest.fixture
def farid(db):
    farid = operator("+919876543213", "Farid")
    farid.training.create(device_type_code="TRACTOR", valid_till=timezone.localdate() + timedelta(days=400))
    return farid


def press(page: Page, verb: str, row: Order | Lease, status: str) -> None:
    """One button, and the row is as it says."""
    page.get_by_role("button", name=verb, exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(status.replace("_", " ").capitalize())
    row.refresh_from_db()
    assert row.status == status


def sign(page: Page) -> None:
    page.get_by_label("Deposit (₹)").fill("twelve")
    page.get_by_role("combobox", name="Operator").fill("far")
    page.get_by_role("option", name="Farid").click()
    expect(page.locator("[data-training] .badge")).to_contain_text("Trained until")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    pictures = [("id of Ravi.png", png((400, 300))), ("plan.pdf", pdf()), ("film.mp4", b"\x00\x00\x00\x18ftypmp42")]
    chooser.value.set_files([{"name": name, "mimeType": "", "buffer": content} for name, content in pictures])
    expect(page.get_by_text("film.mp4: Only PDF, JPG, PNG files are accepted")).to_be_visible()
    expect(page.locator("img[src^='blob:']")).to_have_count(1)
    page.get_by_label("What it is").first.select_option("Identity proof")
    must_be_sound(page)
    page.get_by_role("button", name="Create lease").click()
    # Refused, and nothing of it lost: not even the files.
    expect(page.get_by_text("Enter a number.")).to_be_visible()
    page.get_by_label("Deposit (₹)").fill("1,25,000")
    page.get_by_role("button", name="Create lease").click()


def test_a_lease_from_order_to_return(desk, superuser, order, farid):
    page = desk.open_browser(superuser)
    page.goto("/admin/orders/order/")
    page.locator(f"a[href*='{order.pk}']").first.click()
    press(page, "Start review", order, "UNDER_REVIEW")
    press(page, "Accept", order, "ACCEPTED")
    page.get_by_role("link", name="Create lease").first.click()
    sign(page)

    expect(page.locator(".messagelist")).to_contain_text("Ravi is told by SMS")
    lease = Lease.objects.get(order=order)
    assert (lease.deposit_amount, lease.operators.get().operator) == (Decimal(125000), farid)
    assert set(lease.attachments.values_list("name", "type")) == {
        ("id of Ravi.png", "IDENTITY_PROOF"),
        ("plan.pdf", "OTHER"),
    }
    events = SmsMessage.objects.filter(related_id=lease.pk).values_list("event", flat=True)
    assert sorted(events) == ["LEASE_CREATED", "LEASE_CREATED", "OPERATOR_ASSIGNED"]
    picture = page.locator(".documents img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    must_be_sound(page)

    paper = page.get_by_role("link", name="Printable agreement (PDF)")
    printed = page.request.get(paper.get_attribute("href"))
    assert f"Lease agreement #{lease.short_id}" in pages_of(printed.body())[0]

    page.get_by_role("link", name="Calendar of the device").click()
    expect(page.get_by_role("link", name=f"Lease #{lease.short_id}, Ravi")).to_be_visible()
    must_be_sound(page)

    page.goto(f"/admin/orders/order/{order.pk}/change/")
    press(page, "Schedule pickup", order, "PICKUP_SCHEDULED")
    press(page, "Hand over", order, "ACTIVE")
    press(page, "Complete", order, "COMPLETED")
    press(page, "Close", order, "CLOSED")
    assert SmsMessage.objects.filter(related_id=order.pk).count() >= 7

    page.goto(f"/admin/leases/lease/{lease.pk}/change/")
    press(page, "Complete", lease, "COMPLETED")
    expect(page.get_by_text("This lease has ended.")).to_be_visible()


def test_the_pages_of_leases_fit_a_phone(desk, superuser, leased_tractor, asha, farid):
    lease = leased_tractor.leases.get()
    lease.operators.create(operator=farid, role="PRIMARY")
    page = desk.open_browser(superuser, size=PHONE, color_scheme="dark")
    for address in [f"{lease.pk}/change/", "calendar/?start=2024-02", "calendar/?start=2024-02&months=3"]:
        page.goto(f"/admin/leases/lease/{address}")
        must_be_sound(page)
    page.goto("/admin/leases/leaseoperator/")
    assert width_beyond(page) <= 0
