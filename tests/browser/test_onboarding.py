"""Test the onboarding of a device in a browser."""

import re

import pytest
from playwright.sync_api import expect

from devices.models import Device
from tests.support import factories
from tests.support.browser import PHONE, serious_violations, width_beyond
from tests.support.files import jpg

DEVICES = "/admin/devices/device/"


@pytest.fixture
def neighbour(db):
    """Create a tractor near Pune without a price."""
    factories.territory("pune", "411")
    return factories.device("Old tractor", priced=False)


def next_step(page, heading):
    assert serious_violations(page) == []
    assert width_beyond(page) <= 0
    page.get_by_role("button", name=re.compile("continue$")).click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(heading)


def test_a_device_is_onboarded_and_taken_live(desk, superuser, neighbour):
    page = desk.open_browser(superuser)
    page.goto(DEVICES)
    page.get_by_role("main").get_by_role("link", name="Onboard a device").click()
    page.get_by_label("Type").select_option("Tractor")
    page.get_by_label("Manufacturer").select_option("Mahindra")
    page.get_by_label("Name").fill("Mahindra 575")
    next_step(page, "Where does it stand?")

    page.get_by_label("PIN code").fill("411001")
    expect(page.locator("[data-territory]")).to_have_text("PIN code 411001 lies in the territory Pune.")
    chart = page.get_by_role("application")
    expect(page.locator(".map-neighbour")).to_have_count(0)  # no pin is set yet
    chart.click(position={"x": 300, "y": 200})
    expect(page.locator(".map-neighbour")).to_have_count(1)
    before = float(page.get_by_label("Latitude").input_value())
    chart.press("Shift+ArrowUp")
    expect(page.get_by_label("Latitude")).not_to_have_value(f"{before:.6f}")
    page.get_by_label("Latitude").fill("25.5")
    page.get_by_label("Latitude").press("Tab")
    expect(page.locator("[data-warnings]")).to_contain_text("km from the nearest other device at PIN code 411001")
    page.get_by_label("Latitude").fill("18.6")
    page.get_by_label("Latitude").press("Tab")
    expect(page.locator("[data-warnings]")).to_be_empty()
    next_step(page, "Photos and videos")

    files = page.get_by_label("Add photos and videos")
    files.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(page.locator("[data-refusals]")).to_contain_text("notes.txt: only JPG, PNG, MP4, MOV files are accepted.")
    photos = [{"name": name, "mimeType": "image/jpeg", "buffer": jpg()} for name in ("side.jpg", "front.jpg")]
    files.set_input_files(photos)
    page.get_by_role("radio", name="Primary").nth(1).check()
    next_step(page, "What does it cost?")

    page.get_by_label("Rupees per hour").first.fill("1500")
    next_step(page, "Is everything right?")
    expect(page.locator(".summary")).to_contain_text("₹ 1,500 an hour")
    page.get_by_role("button", name="Take live", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Live")
    device = Device.objects.get(name="Mahindra 575")
    assert (device.status, device.pincode, device.latitude) == ("LIVE", "411001", 18.6)
    assert [media.is_primary for media in device.media.all()] == [False, True]


def test_the_second_to_save_is_refused_and_keeps_the_input(desk, superuser, neighbour):
    step = f"{DEVICES}{neighbour.pk}/onboard/location/"
    first, second = desk.open_browser(superuser), desk.open_browser(superuser, size=PHONE, color_scheme="dark")
    for page in (first, second):
        page.goto(step)
    for page, town in ((first, "Pune"), (second, "Satara")):
        page.get_by_label("City").fill(town)
        page.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("Changed after you opened it.")
    expect(second.get_by_label("City")).to_have_value("Satara")
    assert serious_violations(second) == []
    assert width_beyond(second) <= 0
    neighbour.refresh_from_db()
    assert neighbour.city == "Pune"
