"""Sign-in in Chromium: password, second factor set up by QR code, and sessions in other browsers."""

import pytest
from django.conf.global_settings import PASSWORD_HASHERS
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from accounts.models import StaffSession
from tests.support.browser import DESKTOP, PHONE, must_be_sound
from tests.support.server import web_servers
from tests.support.staff import PASSWORD, code_of, staff


@pytest.fixture
def viewer(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS  # those of the server
    return staff("+919876543288", "Charu", "viewer")


@pytest.fixture
def strict_desk(desk):
    """A desk before a server that requires the second factor, as production does."""
    with web_servers(1, STAFF_TOTP_REQUIRED="1") as (strict,):
        desk.server = strict
        yield desk


def type_password(page: Page, user) -> None:
    page.goto("/admin/")
    page.get_by_label("Phone").fill("98765 43288")
    page.get_by_label("Password").fill(PASSWORD)
    must_be_sound(page)
    page.get_by_role("button", name="Sign in").click()


def forget_last_code() -> None:
    """As if the half minute in which the last code was used had passed."""
    TOTPDevice.objects.update(last_t=-1)


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["light desktop", "dark phone"])
def test_an_app_is_set_up_at_the_first_sign_in_and_asked_for_at_the_next(strict_desk, viewer, size, scheme):
    page = strict_desk.open_browser(size=size, color_scheme=scheme)
    type_password(page, viewer)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    must_be_sound(page)
    page.get_by_text("I cannot scan").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    assert f"secret={secret}" in TOTPDevice.objects.get().config_url
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    TOTPDevice.objects.update(throttling_failure_count=0)
    page.get_by_label("Code").fill(code_of(TOTPDevice.objects.get()))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".backup-codes li")).to_have_count(10)
    must_be_sound(page)
    page.get_by_role("link", name="I have stored them").click()
    expect(page).to_have_url(f"{strict_desk.server.http}/admin/")

    elsewhere = strict_desk.open_browser(size=size, color_scheme=scheme)
    type_password(elsewhere, viewer)
    expect(elsewhere.get_by_role("heading", name="Your code")).to_be_visible()
    must_be_sound(elsewhere)
    elsewhere.goto("/admin/accounts/user/")
    expect(elsewhere.get_by_label("Password")).to_be_visible()
    elsewhere.goto("/admin/login/code/")
    forget_last_code()
    elsewhere.get_by_label("Code").fill(code_of(TOTPDevice.objects.get()))
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).to_have_url(f"{strict_desk.server.http}/admin/")

    page.goto("/admin/my/sessions/")
    must_be_sound(page)
    expect(page.get_by_text("This browser")).to_have_count(1)
    page.get_by_role("button", name="Sign out Chrome").click()
    expect(page.locator(".messagelist")).to_contain_text("Signed out there.")
    assert StaffSession.objects.count() == 1
    elsewhere.goto("/admin/my/sessions/")
    expect(elsewhere.get_by_label("Password")).to_be_visible()

    page.goto("/admin/my/second-factor/")
    must_be_sound(page)
    expect(page.get_by_text("10 left")).to_be_visible()


def test_a_wrong_password_keeps_the_phone_and_says_so(desk, viewer):
    page = desk.open_browser()
    page.goto("/admin/login/")
    page.get_by_label("Phone").fill(viewer.phone)
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This phone and password do not open the back office.")
    expect(page.get_by_label("Phone")).to_have_value(viewer.phone)
    must_be_sound(page)
