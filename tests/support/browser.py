"""Drive a browser in tests: pages with a logged-in user, and checks that hold on every page."""

from contextlib import AbstractContextManager
from typing import Any, Self
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from accounts.models import User
from tests.support.chromium import DESKTOP, PHONE
from tests.support.server import WebServer

__all__ = ["DESKTOP", "PHONE", "Desk", "must_be_sound", "serious_violations", "width_beyond"]
TIMEOUT_MS = 15_000  # generous, for machines that run other tests at the same time
expect.set_options(timeout=TIMEOUT_MS)
LOST_NETWORK = ("ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED", "WebSocket connection to")


class Desk(AbstractContextManager):
    """Open pages for staff; on exit, fail on console errors and requests to other hosts."""

    def __init__(self, browser: Browser, server: WebServer):
        self.server = server
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open_browser(self, user: User | None = None, *, size: dict[str, int] = DESKTOP, **options: Any) -> Page:
        """Return a page of a new browser context, logged in as `user` if given."""
        options = {"locale": "en-IN", "timezone_id": "Asia/Kolkata", "viewport": size} | options
        context = self._browser.new_context(base_url=self.server.http, **options)
        self._contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        context.on("console", self._listen)
        context.on("request", self._watch)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        if user is not None:
            context.add_cookies([self.cookie_of(user)])
        return context.new_page()

    def cookie_of(self, user: User) -> Any:
        """Return the session cookie of a new back-office login."""
        client = Client()
        client.force_login(user)
        return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.server.http}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for context in self._contexts:
            context.close()
        if error == (None, None, None):
            assert self.complaints == [], "\n".join(self.complaints)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(words in message.text for words in LOST_NETWORK):
            self.complaints.append(f"{message.type} on {message.page and message.page.url}: {message.text}")

    def _watch(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != urlsplit(self.server.http).netloc:
            self.complaints.append(f"Asked another host: {request.url}")


def serious_violations(page: Page) -> list[str]:
    """Return axe's violations on the page: one line per rule, with the first elements."""
    # Preloading, for a rule on turned screens only, asks for style sheets that are imported where they are not.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


def width_beyond(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def must_be_sound(page: Page) -> None:
    """Assert that the page has no accessibility violations and no horizontal scrolling."""
    assert serious_violations(page) == []
    assert width_beyond(page) <= 0
