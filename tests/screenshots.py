"""The pictures of the README, of a fresh demo in a folder of its own: `make screenshots`. Needs Chromium."""

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.chromium import ARGUMENTS, DESKTOP, PHONE, chromium_path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs/images"
ADMIN, PASSWORD = "+919876543200", "kissanmitra"  # of the demo
START_SECONDS = 120
COLOURS = 256  # of the palette: a third of the bytes, without visible difference


def home(page: Page) -> None:
    page.goto("/admin/")


def order(page: Page) -> None:
    page.goto("/admin/orders/order/?status__exact=UNDER_REVIEW&kind__exact=LEASE")
    page.locator("#result_list tbody th a").first.click()


def lease(page: Page) -> None:
    page.goto("/admin/leases/lease/")
    page.locator("#result_list tbody th a").first.click()


def new_lease(page: Page) -> None:
    page.goto("/admin/orders/order/?status__exact=ACCEPTED&kind__exact=LEASE")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Create lease").click()


def calendar(page: Page) -> None:
    page.goto("/admin/leases/lease/calendar/")


def onboarding(page: Page) -> None:
    page.goto("/admin/devices/device/?status__exact=ONBOARDED")
    device = page.locator("#result_list tbody th a").first.get_attribute("href")
    page.goto(f"{device.split('/change/')[0]}/onboard/location/")


def board(page: Page) -> None:
    page.goto("/board/")
    page.get_by_text("Live", exact=True).first.wait_for()


PICTURES: dict[str, tuple[Callable[[Page], None], dict[str, int], str]] = {
    "home": (home, DESKTOP, "light"),
    "home-phone": (home, PHONE, "light"),
    "order": (order, DESKTOP, "light"),
    "order-phone": (order, PHONE, "dark"),
    "lease": (lease, DESKTOP, "light"),
    "new-lease": (new_lease, DESKTOP, "light"),
    "calendar": (calendar, DESKTOP, "light"),
    "onboarding": (onboarding, DESKTOP, "light"),
    "board": (board, DESKTOP, "dark"),
    "board-phone": (board, PHONE, "dark"),
}


def main(names: list[str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, demo(Path(var)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        cookies = sign_in(browser, address)
        for name in names or PICTURES:
            take(name, browser, address, cookies)
        browser.close()


@contextmanager
def demo(var: Path) -> Iterator[str]:
    """A running copy of its own, with demo data; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    own = {"KISSANMITRA_VAR": str(var), "HOST": "127.0.0.1", "PORT": str(port)}
    copy = subprocess.Popen([sys.executable, "-m", "devservers.run"], cwd=ROOT, env=os.environ | own)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/v1/health/ready", copy)
        yield f"http://127.0.0.1:{port}"
    finally:
        copy.terminate()
        copy.wait()


def wait_for(url: str, copy: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and copy.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit("The demo did not start.")


def sign_in(browser: Browser, address: str) -> list:
    page = browser.new_page(base_url=address)
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Phone").fill(ADMIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Log out").wait_for()
    return page.context.cookies()


def take(name: str, browser: Browser, address: str, cookies: list) -> None:
    show, size, scheme = PICTURES[name]
    context = browser.new_context(
        base_url=address, viewport=size, color_scheme=scheme, locale="en-IN", timezone_id="Asia/Kolkata"
    )
    context.add_cookies(cookies)
    page = context.new_page()
    show(page)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    sys.stdout.write(f"docs/images/{name}.png\n")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
