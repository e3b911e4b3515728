"""A morning at the verification queue, by keyboard and by mouse."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from events.models import OrderEvent
from tests.support import factories
from tests.support.browser import PHONE, serious_violations, width_beyond

QUEUE = "/admin/service_orders/serviceorder/queue/"
RIGHTS = ["view_serviceorder", "change_serviceorder", "view_insurance"]


@pytest.fixture
def pune(meena, ravi):
    """Where Meena verifies what Ravi orders."""
    meena.is_staff = True
    meena.save()
    meena.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS))
    pune = factories.territory("pune", "411")
    factories.works_in(pune, meena, can_verify=True)
    return pune


def must_be_sound(page: Page) -> None:
    assert serious_violations(page) == []
    desktop = page.viewport_size
    page.set_viewport_size(PHONE)
    assert serious_violations(page) == []
    assert width_beyond(page) <= 0
    page.set_viewport_size(desktop)


def must_say(page: Page, text: str) -> None:
    expect(page.locator(".messagelist")).to_have_text(text)


def test_a_queue_is_worked_off_by_keyboard_and_mouse(desk, meena, pune, ravi):
    third, second, first = (factories.service_order(pune, ravi, priority=p) for p in ("normal", "urgent", "emergency"))
    page = desk.open_browser(meena)
    page.goto(QUEUE)
    expect(page.locator(".queue-head")).to_contain_text("3 waiting")
    must_be_sound(page)

    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(first.tracking_id)
    assert "SH-4711" not in page.content()
    page.get_by_label("How it was checked").fill("Phone call to the carrier")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show insurance").click()
    expect(page.locator(".insurance")).to_contain_text("SH-4711")
    must_be_sound(page)
    page.get_by_role("button", name="Hide").click()
    assert "SH-4711" not in page.content()
    page.keyboard.press("Alt+v")
    must_say(page, f"Verified {first}. Next: {second}. 2 waiting.")

    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_label("Note")).to_be_focused()
    expect(page.locator(".wrong")).to_have_text("Say why it is rejected")
    must_be_sound(page)
    page.keyboard.type("The carrier does not know the policy")
    page.keyboard.press("Alt+r")
    must_say(page, f"Rejected {second}. Next: {third}. 1 waiting.")

    page.get_by_role("button", name="Verify").click()
    must_say(page, f"Verified {third}. Nothing else waits.")
    expect(page.locator(".nothing")).to_contain_text("All verified. Nothing waits.")
    must_be_sound(page)

    history = OrderEvent.objects.order_by("seq").values_list("order_id", "status", "note")
    assert list(history) == [
        (first.pk, "verified", ""),
        (second.pk, "rejected", "The carrier does not know the policy"),
        (third.pk, "verified", ""),
    ]
    assert OrderEvent.objects.get(order_id=first.pk).verification_data == {
        "verified_by": "Meena",
        "verification_method": "Phone call to the carrier",
    }
    looks = LogEntry.objects.filter(change_message="Looked at the insurance data")
    assert [(look.user, look.object_id) for look in looks] == [(meena, str(first.pk))]


def test_the_queue_finds_new_orders_by_itself(desk, meena, pune, ravi):
    page = desk.open_browser(meena)
    page.clock.install()
    page.goto(QUEUE)
    expect(page.locator(".nothing")).to_be_visible()
    order = factories.service_order(pune, ravi)
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("link", name=order.tracking_id)).to_be_visible()


def test_insurance_data_are_shown_without_a_script_too(desk, meena, pune, ravi):
    order = factories.service_order(pune, ravi)
    page = desk.open_browser(meena, java_script_enabled=False)
    page.goto(f"/admin/service_orders/serviceorder/{order.pk}/change/")
    page.get_by_role("button", name="Show insurance").click()
    expect(page.locator(".insurance")).to_contain_text("SH-4711")
