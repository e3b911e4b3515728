"""A list leaves as a file: at once where it is short, and with progress to be seen where it is long."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from exports.jobs import claim_next, report
from exports.models import Export
from exports.runner import run_due
from orders.choices import Kind
from tests.support import factories
from tests.support.browser import PHONE, must_be_sound


@pytest.fixture
def orders(tractor, ravi):
    return [factories.order(Kind.LEASE, tractor, ravi) for _ in range(3)]


def lines_of(download) -> list[str]:
    return Path(download.path()).read_text(encoding="utf-8-sig").splitlines()


def test_one_press_saves_the_list_as_it_is_filtered(desk, superuser, orders):
    page = desk.open_browser(superuser)
    page.goto(f"/admin/orders/order/?q=%23{str(orders[0].pk)[:8]}")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export CSV").click()
    assert saved.value.suggested_filename.startswith("orders-20")
    assert [line[:36] for line in lines_of(saved.value)[1:]] == [str(orders[0].pk)]


def test_the_page_of_a_long_export_moves_by_itself_until_the_file_is_there(desk, superuser, orders):
    export = Export.objects.create(asked_by=superuser, list_name="orders.order", format="csv")
    page = desk.open_browser(superuser, size=PHONE)
    page.goto(f"/admin/exports/export/{export.pk}/change/")
    expect(page.get_by_role("status")).to_have_text("Waits for a worker")
    must_be_sound(page)
    claimed = claim_next()
    report(claimed, rows_total=12000, rows_done=3000)
    expect(page.get_by_role("status")).to_have_text("3,000 of 12,000 rows")
    expect(page.get_by_role("progressbar")).to_have_js_property("position", 0.25)
    Export.objects.update(state="PENDING", claimed_until=None)
    run_due()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download CSV").click()
    assert len(lines_of(saved.value)) == 4
    must_be_sound(page)
