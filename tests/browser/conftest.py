"""Real Chromium before a real web server, on the database of the running test."""

import os
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import Desk
from tests.support.chromium import ARGUMENTS, chromium_path
from tests.support.server import WebServer, web_servers

NO_CHROMIUM = "No Chromium: `bin/chromium` says how to get it"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What they do is committed, as the web server must see it."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # Until the package ends only: its event loop is in the way of asynchronous tests.
    path = chromium_path()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_CHROMIUM)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(chromium: Browser, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[WebServer]:
    """One web server for all of them, with the static files as production has them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    with django_db_blocker.unblock(), web_servers(1) as (server,):
        yield server


@pytest.fixture
def desk(chromium: Browser, server: WebServer) -> Iterator[Desk]:
    """`desk.open_browser(meena)` is a page of the back office before which Meena is logged in."""
    with Desk(chromium, server) as desk:
        yield desk
